/**
 * Another party's text, made safe to show: what Habu and its users wrote is a value and never an instruction.
 *
 * @since 0.1.0
 */

// Controls, lone surrogates, and all that a renderer may leave out: bidi marks, zero-width characters, tags, fillers.
const unseen = "[\\p{Cc}\\p{Cs}\\p{Zl}\\p{Zp}\\p{Default_Ignorable_Code_Point}\\uFFF9-\\uFFFB]"

// What holds an emoji together shows as part of it.
const joint = "(?<=\\p{Emoji})\\uFE0F|(?<=[\\p{Extended_Pictographic}\\p{Emoji_Modifier}\\uFE0F])\\u200D" +
  "(?=\\p{Extended_Pictographic})"

const unseenButJoints = new RegExp(`(?!${joint})${unseen}`, "gu")
const allUnseen = new RegExp(unseen, "gu")
const breaks = /[\t\n\v\f\r\u0085\u2028\u2029]+/g

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" })

const piece = 2_000

// A name of megabytes costs little more than what is shown of it.
const visible = (text: string, enough: number): string => {
  let shown = ""
  for (let at = 0; at < text.length && shown.trimStart().length <= enough; at += piece + enough) {
    shown += text.slice(at, at + piece + enough).replace(breaks, " ").replace(unseenButJoints, "")
  }
  return shown
}

const isLonger = (text: string, limit: number) => text.length > limit * 2 || [...text].length > limit

// Whole characters as a reader sees them, so that no emoji and no accent is cut in two.
const cut = (text: string, limit: number) => {
  const characters = Array.from(graphemes.segment(text.slice(0, limit * 2)), ({ segment }) => segment)
  let size = 0
  const kept = characters.slice(0, characters.findIndex((character) => (size += [...character].length) >= limit))
  return `${kept.join("").trimEnd()}…`
}

/**
 * Removes what does not show and shortens what is longer than `limit` code points. Tabs and line breaks become blanks.
 *
 * @since 0.1.0
 * @category formatting
 */
export const clean = (text: string, limit = 200): string => {
  const shown = visible(text, limit * 2).trim()
  return isLonger(shown, limit) ? cut(shown, limit) : shown
}

/**
 * The form in which two names are compared: cleaned, in one case, with single blanks.
 *
 * @since 0.1.0
 * @category formatting
 */
export const folded = (name: string): string =>
  clean(name, 2_000).normalize("NFKC").replace(allUnseen, "").replace(/\s+/g, " ").trim().toLowerCase()
