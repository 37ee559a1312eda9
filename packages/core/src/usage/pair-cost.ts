/** A row for each first letter, a digit for each second one: its square is the cost. */
const DIGITS = [
  '82237208255023847030445426', // a
  '48682868408078088445068738', // b
  '37480883080138273362086807', // c
  '47741878256347586546428608', // d
  '37304246677333550314454458', // e
  '08881467388366086485088748', // f
  '57780840488565488564358804', // g
  '47881788088703056550386618', // h
  '55013308765341020430748680', // i
  '68883888785887567858278888', // j
  '57703800588850883857683888', // k
  '46732487486367308654155808', // l
  '40880848588518328848688868', // m
  '48423506465024565820548856', // n
  '43430006325430048053042506', // o
  '47851774588037308250078636', // p
  '88888888888388888887087888', // q
  '16420437084722154433446808', // r
  '68572264185846438432364838', // s
  '46552670188507448432380607', // t
  '32043438488004617012888065', // u
  '28881808078878488788888877', // v
  '36740880288580078508885888', // w
  '07084680088838818881888738', // x
  '75885888488565558435882887', // y
  '68884888788887888888788847', // z
];

const costs = new Uint8Array(32 * 32);
DIGITS.forEach((row, first) => {
  for (let second = 0; second < row.length; second++) {
    costs[placeOf(first + 1, second + 1)] = Number(row[second]) ** 2;
  }
});

/**
 * The probability that a token ends between two ASCII letters of a word, in per cent. The pairs of
 * a word distinguish English, where most words are one token, from other languages and noise.
 */
export function pairCost(first: number, second: number): number {
  return costs[placeOf(first, second)] ?? 0;
}

/** The same for upper and lower case. */
function placeOf(first: number, second: number): number {
  return ((first & 31) << 5) | (second & 31);
}
