/** Numbers that a seed and a place give, fast: SplitMix32. */
export class Dice {
  #state: number;

  constructor(seed: number, place: number) {
    this.#state = Math.imul(seed + 1, 0x9e3779b9) ^ Math.imul(place + 1, 0x85ebca6b);
  }

  /** 0 to `sides` - 1. */
  roll(sides: number): number {
    this.#state = (this.#state + 0x9e3779b9) | 0;
    let z = this.#state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return Math.floor((((z ^ (z >>> 15)) >>> 0) / 4294967296) * sides);
  }

  pick<T>(values: readonly T[]): T {
    return values[this.roll(values.length)]!;
  }
}

/** Where parsers have gone wrong: limits of numbers, names of JavaScript, ends of texts, halves of characters, brackets. */
const tokens = [
  ..."0 -1 1e309 -0 NaN Infinity 65535 65536 2147483648 9007199254740993 9223372036854775808 1970-01-01 9999-12-31T23:59:60Z 0000-00-00".split(
    " ",
  ),
  ..."__proto__ constructor toString hasOwnProperty null undefined true [] {} [[[[ }}}} \"\" '' \\ \\\\ \\u0000 \\ud800 %00 %ff {x} ::1 256.1.1.1 1.2.3.4:99999 fe80::1%eth0".split(
    " ",
  ),
  ...[
    "\0",
    "\t",
    "\r",
    "\x1b[31m",
    '"',
    "'",
    "|",
    "^",
    "=",
    ",",
    ";",
    ":",
    "<34>",
    "<999999>",
    "12 ",
    "CEF:0|",
    "LEEF:2.0|",
    "%ASA-6-302013: ",
    "\u0085",
  ],
  ...[
    "\xff\xfe",
    "\xc0\x80",
    "\xed\xa0\x80",
    "\xf4\x90\x80\x80",
    "\xef\xbb\xbf",
    "\xe2\x80\xa8",
    "é",
    "a".repeat(300),
    "(".repeat(200),
    '{"a":'.repeat(120),
    "0".repeat(400),
    "1,".repeat(300),
    " ".repeat(500),
  ],
];

/** A record out of real ones, with one to five things done to it; latin1, so that every byte is a character. Line ends may be among it. */
export function mutated(records: readonly string[], seed: number, place: number): string {
  const dice = new Dice(seed, place);
  let text = dice.pick(records);
  for (let times = 1 + dice.roll(5); times > 0; times--) text = oneMutation(text, records, dice);
  return text.length > 20_000 ? text.slice(0, 20_000) : text;
}

function oneMutation(text: string, records: readonly string[], dice: Dice): string {
  const at = dice.roll(text.length + 1);
  const to = Math.min(text.length, at + 1 + dice.roll(dice.roll(4) === 0 ? text.length + 1 : 8));
  const cut = text.slice(at, to);
  switch (dice.roll(11)) {
    case 0:
      return text.slice(0, at) + String.fromCharCode(dice.roll(256)) + text.slice(at + 1);
    case 1:
      return text.slice(0, at) + String.fromCharCode((text.charCodeAt(at) || 0) ^ (1 << dice.roll(8))) + text.slice(at + 1);
    case 2:
      return text.slice(0, at) + text.slice(to);
    case 3:
      return text.slice(0, to) + cut.repeat(1 + dice.roll(20)) + text.slice(to);
    case 4:
      return text.slice(0, at) + dice.pick(tokens) + text.slice(at);
    case 5:
      return text.slice(0, at) + dice.pick(tokens) + text.slice(to);
    case 6: {
      const other = dice.pick(records);
      return text.slice(0, at) + other.slice(dice.roll(other.length + 1));
    }
    case 7:
      return text.slice(0, at);
    case 8: {
      // A number of the record, another one.
      const number = /\d+/.exec(text.slice(at));
      return number ? text.slice(0, at + number.index) + dice.pick(tokens) + text.slice(at + number.index + number[0].length) : text;
    }
    case 9:
      return dice.roll(8) === 0
        ? `${text.slice(0, at)}\n${text.slice(at)}`
        : text.slice(0, at) + dice.pick([" ", "\r", "\t", ","]) + text.slice(at);
    default: {
      const [first, second] = [dice.roll(text.length + 1), dice.roll(text.length + 1)];
      return text.slice(0, first) + text.slice(second, second + 12) + text.slice(first);
    }
  }
}
