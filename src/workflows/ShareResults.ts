/**
 * Letting partners see the results of a question, taking it back, and telling who was let see what.
 *
 * Two settings must agree: the share, which names partners, and the permission VIEW_RESULTS, which is the owner's alone
 * or all partners'. Habu keeps no time of a share; when something was shared is known only of what was done through us.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { ChangeNote } from "../audit/ChangeNote.js"
import type { CleanRoomQuestionPermissions, CleanRoomQuestionResultShare } from "../habu/api/CleanRoomQuestions.js"
import type { CleanRoomStakeholder } from "../habu/api/CleanRooms.js"
import { HabuClient } from "../habu/HabuClient.js"
import { type Placed, resolve } from "../habu/HabuDirectory.js"
import * as Confirmation from "./Confirmation.js"
import * as History from "./permissions/History.js"
import * as Rights from "./permissions/Rights.js"
import * as Plan from "./Plan.js"
import * as Preflight from "./question/Preflight.js"
import * as Reading from "./Reading.js"
import * as Where from "./Where.js"
import * as Words from "./Words.js"
import * as Workflow from "./Workflow.js"

const tool = "share_results"
const shownEntries = 20

/**
 * What `share_results` takes.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Input = Schema.Struct({
  question: Workflow.maybe(Schema.String.annotations({ description: "Name or id" })),
  clean_room: Workflow.maybe(Schema.String.annotations({ description: "Where the question is, if not unique" })),
  action: Workflow.maybe(
    Schema.Literal("list", "share", "revoke", "track").annotations({
      description: "list if not given; track tells what was shared and read through us"
    })
  ),
  partners: Workflow.maybe(
    Schema.Array(Schema.String).annotations({
      description: "Names or organisation ids; \"all\""
    })
  ),
  dry_run: Workflow.maybe(Schema.Boolean.annotations({ description: "Only plan" })),
  ...Confirmation.inputField,
  detail: Workflow.maybe(Schema.Literal("brief", "full").annotations({ description: "full: all entries" }))
})

export type Input = typeof Input.Type

const ShareView = Schema.Struct({
  partner: Schema.String,
  organization_id: Workflow.maybe(Schema.String),
  shared: Schema.Boolean,
  sees_results: Schema.Boolean
})

/**
 * What `share_results` answers.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Output = Schema.Struct({
  ...Workflow.answerFields,
  question: Workflow.maybe(Words.Reference),
  clean_room: Workflow.maybe(Words.Reference),
  ...Plan.fields,
  shares: Workflow.maybe(Schema.Array(ShareView)),
  view_results: Workflow.maybe(Schema.String),
  history: Workflow.maybe(Schema.Array(History.View)),
  ...Workflow.closingFields
})

export type Output = typeof Output.Type

/** A partner whom the results may be shared with. Habu gives an id to what is shared (an inference from the contract). */
interface Option {
  readonly id: string
  readonly name: string
  readonly queryId: string | undefined
  readonly isShared: boolean
}

interface Situation {
  readonly options: ReadonlyArray<Option>
  readonly permissions: ReadonlyArray<CleanRoomQuestionPermissions>
}

const optionsOf = (
  shares: ReadonlyArray<CleanRoomQuestionResultShare>,
  stakeholders: ReadonlyArray<CleanRoomStakeholder>
): ReadonlyArray<Option> =>
  shares.flatMap(({ id = "", PartnerID = "", PostRunQueryID }) =>
    PartnerID === "" ? [] : [{
      id: PartnerID,
      name: stakeholders.find(({ organizationId }) => organizationId === PartnerID)?.organizationName ?? PartnerID,
      queryId: PostRunQueryID,
      isShared: id !== ""
    }]
  )

const readShares = (placed: Placed) =>
  Effect.flatMap(
    HabuClient,
    (habu) => habu.getCleanroomQuestionResultShares({ path: { cleanroomQuestionId: placed.question.id } })
  )

const look = Effect.fnUntraced(function*(placed: Placed) {
  const habu = yield* HabuClient
  const { permissions, shares, stakeholders } = yield* Effect.all({
    shares: readShares(placed),
    permissions: Rights.read(placed),
    // Names only make it easier to read: ids do without.
    stakeholders: Effect.orElseSucceed(
      habu.getCleanroomStakeholders({ path: { cleanroomId: placed.cleanRoom.id } }),
      () => []
    )
  }, { concurrency: "unbounded" })
  return { options: optionsOf(shares, stakeholders), permissions } satisfies Situation
})

const seesResults = (permissions: ReadonlyArray<CleanRoomQuestionPermissions>) =>
  Rights.held(permissions).VIEW_RESULTS ?? "unknown"

const sharesView = ({ options, permissions }: Situation): ReadonlyArray<typeof ShareView.Type> =>
  options.map(({ id, isShared, name }) => ({
    partner: Words.said(name) ?? id,
    organization_id: id,
    shared: isShared,
    sees_results: isShared && seesResults(permissions) === "partners"
  }))

const about = (placed: Placed) => ({
  question: Words.reference(placed.question),
  clean_room: Words.reference(placed.cleanRoom)
})

const summaryOf = (placed: Placed, situation: Situation) => {
  const shared = situation.options.filter(({ isShared }) => isShared)
  const names = shared.map(({ name }) => Words.said(name) ?? "").join(", ")
  const right = seesResults(situation.permissions)
  return shared.length === 0
    ? `The results of ${Words.title(placed.question)} are shared with nobody.`
    : `The results of ${Words.title(placed.question)} are shared with ${names}${
      right === "partners" ? "." : `, but VIEW_RESULTS is ${right === "owner" ? "the owner's alone" : "not known"}.`
    }`
}

const list = Effect.fnUntraced(function*(placed: Placed) {
  const situation = yield* look(placed)
  const [first] = situation.options.filter(({ isShared }) => !isShared)
  return Workflow.compact({
    status: "done" as const,
    summary: summaryOf(placed, situation),
    ...about(placed),
    shares: sharesView(situation),
    view_results: seesResults(situation.permissions),
    next_steps: first === undefined ? [] : [{
      tool,
      arguments: { question: Words.handle(placed.question), action: "share", partners: [Words.said(first.name) ?? ""] },
      why: `Share the results with ${Words.said(first.name)} too; a person is asked first.`
    }]
  }) satisfies Output
})

const chosen = Effect.fnUntraced(function*(references: ReadonlyArray<string>, options: ReadonlyArray<Option>) {
  if (references.some((reference) => reference.trim().toLowerCase() === "all")) return options
  return yield* Effect.forEach(references, (reference) => resolve("partner", reference, options))
})

const requestOf = (options: ReadonlyArray<Option>) =>
  options.map(({ id, queryId }) => Workflow.compact({ PartnerID: id, PostRunQueryID: queryId }))

const setting = (
  placed: Placed,
  before: ReadonlyArray<Option>,
  after: ReadonlyArray<Option>,
  needs: ReadonlyArray<string>
): Plan.Change<HabuClient> => {
  const names = (options: ReadonlyArray<Option>) => options.map(({ name }) => Words.said(name) ?? "").join(", ")
  const wanted = new Set(after.map(({ id }) => id))
  const isWider = after.some(({ id }) => !before.some((one) => one.id === id))
  const step = `results of ${Words.title(placed.question)} for ${names(after) || "nobody"}`
  return {
    step,
    grade: isWider ? "privacy_lowering" : "ordinary",
    preview: `share the results of ${Words.title(placed.question)} in ${Words.title(placed.cleanRoom)} with ${
      names(after) || "nobody"
    } (now: ${names(before) || "nobody"}); whoever is not named no longer sees them`,
    needs,
    shown: Effect.map(readShares(placed), (shares) => {
      const now = optionsOf(shares, []).filter(({ isShared }) => isShared)
      return now.length === wanted.size && now.every(({ id }) => wanted.has(id))
    }),
    write: Effect.flatMap(HabuClient, (habu) =>
      Effect.provideService(
        habu.upsertCleanRoomQuestionResultShares({
          path: { cleanroomQuestionId: placed.question.id },
          payload: requestOf(after)
        }),
        ChangeNote,
        { before: names(before) || "nobody", after: names(after) || "nobody" }
      )).pipe(
        Effect.flatMap(Plan.confirmed("upsertCleanRoomQuestionResultShares")),
        Effect.asVoid
      )
  }
}

const open = Effect.fnUntraced(function*({ cleanRoom }: Placed) {
  const now = yield* Clock.currentTimeMillis
  if (!Preflight.isExpired(cleanRoom, now)) return
  return yield* Effect.fail(
    new Workflow.InputInvalid({
      field: "clean_room",
      problem: `is ${JSON.stringify(Words.title(cleanRoom))}, which ended on ${Words.moment(cleanRoom.endAt)}`,
      advice: "It is read-only until its owner sets a later end date. Nothing was sent."
    })
  )
})

const isSame = (a: ReadonlyArray<Option>, b: ReadonlyArray<Option>) =>
  a.length === b.length && a.every(({ id }) => b.some((one) => one.id === id))

const change = Effect.fnUntraced(
  function*(input: Input, action: "share" | "revoke", placed: Placed) {
    yield* open(placed)
    const situation = yield* look(placed)
    const named = yield* chosen(input.partners ?? [], situation.options)
    const before = situation.options.filter(({ isShared }) => isShared)
    const isNamed = ({ id }: Option) => named.some((one) => one.id === id)
    const after = action === "share"
      ? situation.options.filter((option) => option.isShared || isNamed(option))
      : before.filter((option) => !isNamed(option))
    const right = action === "share"
      ? Rights.setting(placed, situation.permissions, { VIEW_RESULTS: "partners" })
      : undefined
    const isShared = isSame(before, after)
    const changes = [
      ...(right === undefined ? [] : [right]),
      ...(isShared ? [] : [setting(placed, before, after, right === undefined ? [] : [right.step])])
    ]
    const settled = changes.length === 0 ? [Plan.already(`results of ${Words.title(placed.question)}`)] : []
    const ending = yield* Plan.run(changes, { tool, input, settled, subject: placed.question.id })
    if (ending._tag !== "CarriedOut") {
      return Workflow.compact({ ...Plan.unmade(ending, { tool, input }), ...about(placed) }) satisfies Output
    }
    const now = yield* Effect.either(look(placed))
    const { steps } = ending
    const shownNow = now._tag === "Right" ? summaryOf(placed, now.right) : "What is shared now could not be read."
    return Workflow.compact({
      status: Plan.statusOf(steps),
      summary: [Plan.remaining(steps), shownNow].filter((text) => text !== "").join(" "),
      ...about(placed),
      steps,
      shares: now._tag === "Right" ? sharesView(now.right) : [],
      view_results: now._tag === "Right" ? seesResults(now.right.permissions) : undefined,
      warnings: action === "revoke"
        ? ["What a partner has seen or taken along already cannot be taken back. VIEW_RESULTS was left as it is."]
        : [],
      next_steps: yield* Plan.again(tool, input, steps)
    }) satisfies Output
  },
  Plan.telling(tool),
  Reading.forWriting
)

const sharing = new Set(["upsertCleanRoomQuestionResultShares", "configureCleanRoomQuestionPermissions"])
const track = Effect.fnUntraced(function*(input: Input, placed: Placed) {
  const habu = yield* HabuClient
  const full = input.detail === "full"
  const runs = yield* Reading.attempt(
    "runs",
    habu.getAllCleanroomQuestionRuns({
      path: { cleanroomQuestionId: placed.question.id },
      urlParams: { limit: 100 }
    })
  )
  const runIds = runs._tag === "Answered" ? runs.value.flatMap(({ id }) => id ?? []) : []
  const targets = new Set([placed.question.id, ...runIds])
  const written = yield* History.of(targets, {}, (operation) => sharing.has(operation))
  const seen = yield* History.of(targets, { access: "read" })
  const entries = [...written.entries, ...seen.entries].sort((one, other) => one.at < other.at ? 1 : -1)
  const shown = full ? entries : entries.slice(0, shownEntries)
  return Workflow.compact({
    status: "done" as const,
    summary: `Through habu-mcp ${Words.count(written.entries.length, "change")} of who sees the results of ${
      Words.title(placed.question)
    } and ${Words.count(seen.entries.length, "reading")} of them are on record${
      entries.length > shown.length ? `; the latest ${shown.length} are shown` : ""
    }. Habu itself keeps no times of shares and no readers.`,
    ...about(placed),
    history: shown.map((entry) =>
      History.view(entry, (id) => id === placed.question.id ? Words.title(placed.question) : undefined)
    ),
    warnings: [
      ...written.warnings,
      ...(runs._tag === "Answered"
        ? []
        : [`Its runs could not be seen, so readings may be missing: ${runs.error.message}`])
    ]
  }) satisfies Output
})

/**
 * Lists, sets or takes back shares of a question's results, or tells of them over time.
 *
 * @since 0.1.0
 * @category workflows
 */
export const run = Effect.fn("ShareResults")(function*(input: Input) {
  const where = yield* Where.question(tool, input, input.question, input.clean_room)
  if (where._tag === "Asking") return where.answer satisfies Output
  const placed = where.value
  const action = input.action ?? "list"
  if (action === "list") return yield* list(placed)
  if (action === "track") return yield* track(input, placed)
  if ((input.partners ?? []).length === 0) {
    const { options } = yield* look(placed)
    return Workflow.compact({
      status: "needs_input" as const,
      summary: `${action === "share" ? "With whom" : "From whom"}? Give partners: ${
        options.map(({ name }) => Words.said(name) ?? "").join(", ") || "there are none in this clean room"
      }.`,
      ...about(placed)
    }) satisfies Output
  }
  return yield* change(input, action, placed)
}, Effect.map((answer): Output => answer))
