/** Scripts that stand for one language here, or for a few that share them. */
const SCRIPTS: Readonly<Record<string, RegExp>> = {
  Japanese: /[\p{Script=Hiragana}\p{Script=Katakana}]/gu,
  Chinese: /\p{Script=Han}/gu,
  Korean: /\p{Script=Hangul}/gu,
  Russian: /\p{Script=Cyrillic}/gu,
  Greek: /\p{Script=Greek}/gu,
  Arabic: /\p{Script=Arabic}/gu,
  Hebrew: /\p{Script=Hebrew}/gu,
  Hindi: /\p{Script=Devanagari}/gu,
  Thai: /\p{Script=Thai}/gu,
};

/** The commonest words of languages in Latin script that are not those of their neighbours. */
const COMMON_WORDS: Readonly<Record<string, string>> = {
  English: 'the and of to in is that it was for with as on be at by this have from or not are but',
  German: 'der die das und ist nicht ein eine zu den mit von auf für sich dem auch als es wird',
  French: 'le la les et est des une dans que qui pour pas sur au du ce avec il elle sont',
  Spanish: 'el los las una que del por con para es se su como más pero sus lo al y este',
  Portuguese: 'o os as uma que não com para do da dos das em ao mais pelo sua foi ele são',
  Italian: 'il gli che di una per non con sono del della dei è anche più come nel alla lo ha',
  Dutch: 'de het een van en niet dat op te zijn met voor aan er ook als bij maar om naar',
  Polish: 'nie się na jest że do to jak ale po co przez od za czy był oraz tego są dla',
  Turkish: 've bir bu için ile da de çok daha gibi olan olarak ne kadar sonra ama değil mi en',
  Swedish: 'och att det som är på inte av en för med den till har ett om var jag de men',
};

/** Units of a text that are looked at. */
const SAMPLE = 20_000;
/** Share of the letters, or of the words, from which a language is taken for the text's. */
const SCRIPT_SHARE = 0.2;
const WORD_SHARE = 0.12;

/** The language of a text by its script and commonest words; null where neither tells, as in code and lists. */
export function textLanguageOf(text: string): string | null {
  const sample = text.slice(0, SAMPLE);
  const letters = sample.match(/\p{L}/gu)?.length ?? 0;
  for (const [name, script] of Object.entries(SCRIPTS)) {
    if ((sample.match(script)?.length ?? 0) > SCRIPT_SHARE * letters) return name;
  }
  const words = sample.toLowerCase().match(/\p{L}+/gu) ?? [];
  let [best, most] = ['', 0];
  for (const [name, list] of Object.entries(COMMON_WORDS)) {
    const common = new Set(list.split(' '));
    const count = words.filter((word) => common.has(word)).length;
    if (count > most) [best, most] = [name, count];
  }
  return most > WORD_SHARE * words.length ? best : null;
}
