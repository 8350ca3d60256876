/** The class labels of events. */
export const classLabels = ["malicious", "benign", "background"] as const;
export type ClassLabel = (typeof classLabels)[number];

/**
 * A threat-intelligence hit below this confidence is a hint, no label: 0.8 asks for three blocklists of IPsum (two give 0.75), as IPsum's
 * author advises, or one maltrail family of malware.
 */
export const defaultLabelConfidence = 0.8;

/**
 * The class of a source's own label: NetflowLabeler's Malicious, Benign, Normal (= benign) and Background, in any case. Null for what says
 * nothing (`(empty)`, `-`, Unknown) and for any other word.
 */
export function classOf(sourceLabel: string): ClassLabel | null {
  const label = sourceLabel.trim().toLowerCase();
  if (label === "normal") return "benign";
  return classLabels.find((known) => known === label) ?? null;
}
