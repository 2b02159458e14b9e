/**
 * The form in which a host puts a change before its user. Knows no SDK.
 *
 * @since 0.1.0
 */
import type { Question } from "../workflows/Asker.js"

/**
 * What a host shows: a message, and one field.
 *
 * @since 0.1.0
 * @category models
 */
export interface AgreementForm {
  readonly message: string
  readonly field:
    | { readonly name: "agree"; readonly type: "boolean"; readonly title: string; readonly description: string }
    | { readonly name: "name"; readonly type: "string"; readonly title: string; readonly description: string }
}

// Claude Code shows four lines of a message, each cut to the terminal's width, but 2,000 characters of a description.
const room = 1_900
const leastOfEach = 60

const pointsOf = (changes: ReadonlyArray<string>) => changes.map((change) => `- ${change}`)

const cut = (text: string, most: number) => text.length <= most ? text : `${text.slice(0, most - 1).trimEnd()}…`

// Something of every change is better than everything of the first few.
const fitting = (changes: ReadonlyArray<string>) => {
  const whole = pointsOf(changes).join("\n")
  if (whole.length <= room) return whole
  const each = Math.max(leastOfEach, Math.floor(room / changes.length) - 1)
  const shown = pointsOf(changes).slice(0, Math.floor(room / (each + 1))).map((point) => cut(point, each))
  const left = changes.length - shown.length
  return [...shown, ...(left === 0 ? [] : [`… and ${left} more that this form has no room for`])].join("\n")
}

/**
 * Makes the form: to agree is to tick a box, or, to what cannot be undone, to type its name. The changes stand in the
 * message whole and in the field's description as far as they fit, since hosts cut or leave out the one or the other.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = ({ changes, message, typed }: Question): AgreementForm => {
  const description = fitting(changes)
  return {
    message: [message, ...pointsOf(changes)].join("\n"),
    field: typed === undefined
      ? { name: "agree", type: "boolean", title: "Agree to these changes", description }
      : { name: "name", type: "string", title: `Type ${typed} to agree`, description }
  }
}
