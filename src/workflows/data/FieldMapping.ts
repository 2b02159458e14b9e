/**
 * The mapping of a data connection's fields: proposed with reasons, agreed to by its mark, applied, and read back.
 *
 * A proposal only adds protection: what is labelled or excluded already stays so. A caller's changes may lower it where a
 * person agrees, but never take off a label of personal data.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { FieldConfiguration, IdentifierType } from "../../habu/api/DataConnections.js"
import { sha256 } from "../../habu/Digest.js"
import { HabuClient } from "../../habu/HabuClient.js"
import * as Text from "../../habu/Text.js"
import type * as Plan from "../Plan.js"
import * as Words from "../Words.js"
import * as Workflow from "../Workflow.js"
import type { Connection } from "./Connections.js"
import * as FieldKinds from "./FieldKinds.js"

/**
 * A caller's change to the proposal.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Wish = Schema.Struct({
  field: Schema.String,
  identifier_type: Workflow.maybe(Schema.String),
  pii: Workflow.maybe(Schema.Boolean),
  user_id: Workflow.maybe(Schema.Boolean),
  excluded: Workflow.maybe(Schema.Boolean)
})

export interface Wish extends Schema.Schema.Type<typeof Wish> {}

interface Labels {
  readonly identifierType: string
  readonly isPii: boolean
  readonly isUserIdField: boolean
  readonly isExcluded: boolean
}

/**
 * A field with what is proposed for it.
 *
 * @since 0.1.0
 * @category models
 */
export interface Proposed {
  readonly field: FieldConfiguration
  readonly labels: Labels
  readonly confidence: FieldKinds.Confidence
  readonly reason: string
  readonly isNoteworthy: boolean
  /** What a person must agree to, since it takes protection away. */
  readonly lowers: ReadonlyArray<string>
}

/**
 * A mapping of all fields. Its `mark` stands for exactly this mapping of exactly these fields.
 *
 * @since 0.1.0
 * @category models
 */
export interface Proposal {
  readonly mark: string
  readonly fields: ReadonlyArray<Proposed>
  readonly warnings: ReadonlyArray<string>
}

const isSame = (a: string | undefined, b: string | undefined) => Text.folded(a ?? "") === Text.folded(b ?? "")

const current = (field: FieldConfiguration): Labels => ({
  identifierType: field.identifierType ?? "",
  isPii: field.isPii === true,
  isUserIdField: field.isUserIdField === true,
  isExcluded: field.isExcluded === true
})

const isLabelled = ({ identifierType, isExcluded, isPii, isUserIdField }: Labels) =>
  identifierType !== "" || isPii || isUserIdField || isExcluded

const kindNamed = (name: string, kinds: ReadonlyArray<IdentifierType>) =>
  kinds.find((kind) => isSame(kind.name, name) || isSame(kind.displayName, name))?.name

const proposed = (kinds: ReadonlyArray<IdentifierType>) => (field: FieldConfiguration): Proposed => {
  const now = current(field)
  const guess = FieldKinds.guess(field)
  const partition = field.isPartitionColumn !== true && FieldKinds.suitsPartition(field)
    ? "suits as a partition, which only Habu's UI can set"
    : undefined
  if (guess === undefined) {
    const reason = [isLabelled(now) ? "labelled already" : undefined, partition].filter((part) => part !== undefined)
    return {
      field,
      labels: now,
      confidence: isLabelled(now) ? "high" : "medium",
      reason: reason.join("; ") || "no identifier by its name",
      isNoteworthy: isLabelled(now) || partition !== undefined,
      lowers: []
    }
  }
  const kind = guess.identifier === undefined ? undefined : kindNamed(guess.identifier, kinds)
  const unlisted = guess.identifier !== undefined && kind === undefined
  return {
    field,
    labels: {
      identifierType: now.identifierType === "" ? kind ?? "" : now.identifierType,
      isPii: now.isPii || guess.isPii === true,
      isUserIdField: now.isUserIdField,
      isExcluded: now.isExcluded || guess.isExcluded === true
    },
    confidence: unlisted ? "low" : guess.confidence,
    reason: [
      guess.reason,
      ...(unlisted ? ["Habu does not list that identifier type here"] : []),
      ...(partition === undefined ? [] : [partition])
    ].join("; "),
    isNoteworthy: true,
    lowers: []
  }
}

const withUserId = (fields: ReadonlyArray<Proposed>): ReadonlyArray<Proposed> => {
  if (fields.some(({ labels }) => labels.isUserIdField)) return fields
  const keyed = fields
    .flatMap((one) => {
      const key = one.labels.isExcluded || one.labels.identifierType === ""
        ? undefined
        : FieldKinds.guess(one.field)?.key
      return key === undefined ? [] : [{ one, key }]
    })
    .sort((a, b) => a.key - b.key)
  const best = keyed[0]?.one
  return fields.map((one) =>
    one === best
      ? {
        ...one,
        labels: { ...one.labels, isUserIdField: true },
        reason: `${one.reason}; the best of the fields to tell people apart`
      }
      : one
  )
}

const quoted = (name: string | undefined) => JSON.stringify(Words.said(name, 60) ?? "")

const wished = (wish: Wish, kinds: ReadonlyArray<IdentifierType>) => (one: Proposed) =>
  Effect.gen(function*() {
    const name = quoted(one.field.fieldName)
    const now = current(one.field)
    if (wish.pii === false && now.isPii) {
      return yield* Effect.fail(
        new Workflow.InputInvalid({
          field: "fields.pii",
          problem: `would take the label of personal data off ${name}`,
          advice: "That is not done here: exclude the field, or decide it in Habu's UI with the data's owner."
        })
      )
    }
    const kind = wish.identifier_type === undefined
      ? one.labels.identifierType
      : wish.identifier_type.trim() === ""
      ? ""
      : kindNamed(wish.identifier_type, kinds)
    if (kind === undefined) {
      return yield* Effect.fail(
        new Workflow.InputInvalid({
          field: "fields.identifier_type",
          problem: `of ${name} is no identifier type of Habu's`,
          options: kinds.map((kind) => Words.said(kind.name, 60) ?? ""),
          advice: "Take one of them, or \"\" for none."
        })
      )
    }
    const labels: Labels = {
      identifierType: kind,
      isPii: wish.pii ?? one.labels.isPii,
      isUserIdField: wish.user_id ?? one.labels.isUserIdField,
      isExcluded: wish.excluded ?? one.labels.isExcluded
    }
    const lowers = [
      ...(one.labels.isPii && !labels.isPii
        ? [`${name} is not labelled as personal data, although it seems to be`]
        : []),
      ...(one.labels.isExcluded && !labels.isExcluded
        ? [`${name} is let in, which was ${now.isExcluded ? "excluded" : "to be excluded"}`]
        : []),
      ...(now.identifierType !== "" && !isSame(now.identifierType, labels.identifierType)
        ? [`${name} goes from ${now.identifierType} to ${labels.identifierType || "no identifier"}`]
        : [])
    ]
    return { ...one, labels, lowers, confidence: "high" as const, reason: "as asked", isNoteworthy: true }
  })

const noField = (wish: Wish, fields: ReadonlyArray<Proposed>) =>
  new Workflow.InputInvalid({
    field: "fields.field",
    problem: `names no field of the data connection (${quoted(wish.field)})`,
    options: fields.slice(0, 60).map(({ field }) => Words.said(field.fieldName, 60) ?? ""),
    advice: "Nothing was mapped. Name fields as the data connection has them."
  })

const warningsOf = (fields: ReadonlyArray<Proposed>): ReadonlyArray<string> => {
  const restricted = fields.filter(({ field }) => FieldKinds.guess(field)?.isExcluded === true)
  const keys = fields.filter(({ labels }) => labels.isUserIdField)
  return [
    ...(restricted.length === 0
      ? []
      : [
        `May not be sent to LiveRamp by the look of the names: ${
          restricted.slice(0, 10).map(({ field }) => quoted(field.fieldName)).join(", ")
        }. Excluding hides a field; better take it out of the source.`
      ]),
    ...(fields.some(({ labels }) => labels.identifierType !== "")
      ? []
      : ["No field is an identifier by its name. Each row needs one; name it in `fields`."]),
    ...(keys.length > 1
      ? [`Several fields are marked as the user id: ${keys.map(({ field }) => quoted(field.fieldName)).join(", ")}.`]
      : [])
  ]
}

/**
 * Proposes a mapping of fields as Habu read them, with a caller's changes.
 *
 * @since 0.1.0
 * @category constructors
 */
export const propose = Effect.fn("FieldMapping.propose")(function*(
  read: ReadonlyArray<FieldConfiguration>,
  kinds: ReadonlyArray<IdentifierType>,
  wishes: ReadonlyArray<Wish>
) {
  const first = withUserId(read.map(proposed(kinds)))
  const fields = yield* Effect.reduce(wishes, first, (fields, wish) => {
    const meant = fields.filter(({ field }) => isSame(field.fieldName, wish.field))
    if (meant.length === 0) return Effect.fail(noField(wish, fields))
    return Effect.map(
      Effect.forEach(fields, (one) => meant.includes(one) ? wished(wish, kinds)(one) : Effect.succeed(one)),
      // A user id that is named takes the place of the one that was only guessed.
      (next) =>
        wish.user_id !== true ?
          next :
          next.map((one) =>
            isSame(one.field.fieldName, wish.field) || one.field.isUserIdField === true
              ? one
              : { ...one, labels: { ...one.labels, isUserIdField: false } }
          )
    )
  })
  const subject = fields.map(({ field, labels }) => [field.fieldName, field.dataType, labels])
  const mark = (yield* sha256(JSON.stringify(subject))).slice(0, 8)
  return { mark, fields, warnings: warningsOf(fields) } satisfies Proposal
})

const isApplied = ({ fields }: Proposal, read: ReadonlyArray<FieldConfiguration>) =>
  fields.every(({ field, labels }) => {
    const own = read.find(({ fieldName }) => fieldName === field.fieldName)
    return own !== undefined && JSON.stringify(current(own)) === JSON.stringify(labels)
  })

/**
 * Whether a data connection shows this mapping already.
 *
 * @since 0.1.0
 * @category guards
 */
export const isSettled = (proposal: Proposal): boolean => isApplied(proposal, proposal.fields.map(({ field }) => field))

/**
 * The fields of a data connection (operation `getAllFieldConfigurations`).
 *
 * @since 0.1.0
 * @category constructors
 */
export const fieldsOf = (dataConnectionId: string) =>
  Effect.flatMap(HabuClient, (habu) => habu.getAllFieldConfigurations({ path: { dataConnectionId } }))

const tally = (fields: ReadonlyArray<Proposed>) => {
  const of = (is: (labels: Labels) => boolean) => fields.filter(({ labels }) => is(labels)).length
  const userId = fields.find(({ labels }) => labels.isUserIdField)
  return `${Words.count(fields.length, "field")}: ${of(({ identifierType }) => identifierType !== "")} identifiers, ${
    of(({ isPii }) => isPii)
  } personal, ${of(({ isExcluded }) => isExcluded)} excluded${
    userId === undefined ? "" : `, user id ${quoted(userId.field.fieldName)}`
  }`
}

/**
 * The step that maps a data connection's fields.
 *
 * @since 0.1.0
 * @category formatting
 */
export const mappingStep = (connection: Pick<Connection, "name">): string =>
  `map the fields of ${quoted(connection.name)}`

/**
 * Applies a proposal (operation `mapFieldConfigurations`): the whole list as read, with the labels set.
 *
 * @since 0.1.0
 * @category constructors
 */
export const mapping = (connection: Connection, proposal: Proposal): Plan.Change<HabuClient> => {
  const lowers = proposal.fields.flatMap((one) => one.lowers)
  const step = mappingStep(connection)
  return {
    step,
    grade: lowers.length > 0 ? "privacy_lowering" : "ordinary",
    preview: `${step} (${tally(proposal.fields)})${lowers.length === 0 ? "" : `: ${lowers.join("; ")}`}`,
    write: Effect.gen(function*() {
      const habu = yield* HabuClient
      yield* habu.mapFieldConfigurations({
        path: { dataConnectionId: connection.id },
        payload: proposal.fields.map(({ field, labels }) => ({ ...field, ...labels }))
      })
      return tally(proposal.fields)
    }),
    shown: Effect.map(fieldsOf(connection.id), (read) => isApplied(proposal, read))
  }
}

/**
 * A proposal as an answer shows it: what is noteworthy field by field, the rest by name.
 *
 * @since 0.1.0
 * @category schemas
 */
export const View = Schema.Struct({
  data_connection: Schema.String,
  mark: Schema.String,
  fields: Schema.Array(Schema.Struct({
    field: Schema.String,
    type: Workflow.maybe(Schema.String),
    identifier_type: Workflow.maybe(Schema.String),
    pii: Workflow.maybe(Schema.Boolean),
    user_id: Workflow.maybe(Schema.Boolean),
    excluded: Workflow.maybe(Schema.Boolean),
    confidence: Schema.String,
    reason: Schema.String
  })),
  plain_fields: Workflow.maybe(Schema.Array(Schema.String)),
  not_shown: Workflow.maybe(Schema.Number)
})

/**
 * Shows a proposal within a number of fields; restricted, personal and uncertain ones first.
 *
 * @since 0.1.0
 * @category constructors
 */
export const view = (connection: Connection, { fields, mark }: Proposal, most: number): typeof View.Type => {
  const weight = ({ confidence, labels, lowers }: Proposed) =>
    (labels.isExcluded || lowers.length > 0 ? 0 : labels.isUserIdField ? 1 : labels.isPii ? 2 : 3) -
    (confidence === "low" ? 0.5 : 0)
  const noted = fields.filter(({ isNoteworthy }) => isNoteworthy).sort((a, b) => weight(a) - weight(b))
  const plain = fields.filter(({ isNoteworthy }) => !isNoteworthy)
  const shown = noted.slice(0, most)
  const named = plain.slice(0, most * 2)
  const cut = noted.length - shown.length + plain.length - named.length
  const yes = (flag: boolean) => flag ? true : undefined
  return Workflow.compact({
    data_connection: Words.title(connection),
    mark,
    fields: shown.map(({ confidence, field, labels, reason }) =>
      Workflow.compact({
        field: Words.said(field.fieldName, 60) ?? "",
        type: Words.said(field.dataType, 20),
        identifier_type: labels.identifierType === "" ? undefined : labels.identifierType,
        pii: yes(labels.isPii),
        user_id: yes(labels.isUserIdField),
        excluded: yes(labels.isExcluded),
        confidence,
        reason
      })
    ),
    plain_fields: named.map(({ field }) => Words.said(field.fieldName, 60) ?? ""),
    not_shown: cut === 0 ? undefined : cut
  })
}
