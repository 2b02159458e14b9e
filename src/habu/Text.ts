/**
 * Another party's text, made safe to show: what Habu and its users wrote is a value and never an instruction.
 *
 * @since 0.1.0
 */

// Control characters, bidirectional overrides, zero-width characters, tags and the byte-order mark.
const unsafe =
  /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u00AD\u061C\u200B-\u200F\u2028-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB]|[\u{E0000}-\u{E0FFF}]/gu

/**
 * Removes what does not show and shortens what is too long. Tabs and line feeds become blanks.
 *
 * @since 0.1.0
 * @category formatting
 */
export const clean = (text: string, limit = 200): string => {
  const shown = text.slice(0, limit * 4).replace(/[\t\n\r]+/g, " ").replace(unsafe, "").trim()
  const points = [...shown]
  return points.length <= limit ? shown : `${points.slice(0, limit - 1).join("").trimEnd()}…`
}

/**
 * The form in which two names are compared: cleaned, in one case, with single blanks.
 *
 * @since 0.1.0
 * @category formatting
 */
export const folded = (name: string): string => clean(name, 2_000).normalize("NFKC").replace(/\s+/g, " ").toLowerCase()
