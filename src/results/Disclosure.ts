/**
 * What of a result may be shown, by the kind of its question.
 *
 * @since 0.1.0
 */

/**
 * Whether rows may be shown: only of what Habu calls analytical. A list of people is counted and never shown, and so is
 * a result of which it is not known whether it is one.
 *
 * @since 0.1.0
 * @category guards
 */
export const mayShowRows = (questionType: string | undefined): boolean =>
  questionType?.trim().toUpperCase() === "ANALYTICAL"
