import { isObject, type JsonObject, property, textOf } from "../json-object.ts";

/** The traffic-light markings that every STIX document may refer to without holding them. @see STIX 2.1, section 7.2.1.4; TLP 2.0 at FIRST */
const knownMarkings: ReadonlyMap<string, string> = new Map([
  ["marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9", "tlp:white"],
  ["marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da", "tlp:green"],
  ["marking-definition--f88d31f6-486f-44da-b317-01333bde0b82", "tlp:amber"],
  ["marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed", "tlp:red"],
  ["marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487", "tlp:clear"],
  ["marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb", "tlp:green"],
  ["marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421", "tlp:amber"],
  ["marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003", "tlp:amber+strict"],
  ["marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1", "tlp:red"],
]);

/** The tag of a marking that documents do not hold; undefined for any other id. */
export function knownMarkingTag(id: string): string | undefined {
  return knownMarkings.get(id);
}

/** The tag of a marking definition: `tlp:amber`, or the tag that MISP keeps in its statement; undefined for a statement to people. */
export function markingTag(marking: JsonObject): string | undefined {
  const definition = property(marking, "definition");
  if (isObject(definition)) {
    const tlp = textOf(definition, "tlp");
    if (tlp !== undefined) return `tlp:${tlp.toLowerCase()}`;
    const statement = textOf(definition, "statement");
    if (statement !== undefined && isMachineTag(statement)) return statement;
  }
  const name = textOf(marking, "name");
  return name !== undefined && /^tlp:[a-z+]+$/i.test(name) ? name.toLowerCase() : undefined;
}

function isMachineTag(text: string): boolean {
  return /^[a-z][\w-]*:[^\s:]+$/i.test(text) || /^[a-z][\w-]*:[\w-]+="[^"]*"$/i.test(text);
}
