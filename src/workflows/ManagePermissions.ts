/**
 * Who may see, run and use what in a clean room: shown, changed, and told over time.
 *
 * What somebody can really do follows from several layers that must all allow it: the role in the organisation, the role
 * in the clean room, the permissions of the question, the dataset's rules, and the cloud's own. This shows those that the
 * API knows.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { CleanRoom } from "../habu/api/CleanRooms.js"
import { HabuClient } from "../habu/HabuClient.js"
import { HabuDirectory, type Known, known, resolve } from "../habu/HabuDirectory.js"
import * as Text from "../habu/Text.js"
import * as Confirmation from "./Confirmation.js"
import { Filter } from "./data/Provisioning.js"
import * as DatasetAccess from "./permissions/DatasetAccess.js"
import * as History from "./permissions/History.js"
import * as Overview from "./permissions/Overview.js"
import * as Rights from "./permissions/Rights.js"
import * as Roles from "./permissions/Roles.js"
import * as Plan from "./Plan.js"
import * as Reading from "./Reading.js"
import * as Where from "./Where.js"
import * as Words from "./Words.js"
import * as Workflow from "./Workflow.js"

const tool = "manage_permissions"
const shownQuestions = 25
const shownDatasets = 15
const shownPeople = 6
const shownEntries = 25

const texts = Schema.Array(Schema.String)
const holder = Schema.Literal("owner", "partners")

/**
 * What `manage_permissions` takes.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Input = Schema.Struct({
  clean_room: Workflow.maybe(Schema.String.annotations({ description: "Name or id" })),
  action: Workflow.maybe(
    Schema.Literal("report", "audit", "questions", "dataset", "user").annotations({
      description: "report (default) and audit look, the others change"
    })
  ),
  questions: Workflow.maybe(texts.annotations({ description: "By name; \"all\" for every one" })),
  permissions: Workflow.maybe(
    Schema.Record({ key: Schema.String, value: holder }).annotations({
      description: `Who gets what on the questions, by ${Rights.rights.join(", ")}`
    })
  ),
  dataset: Workflow.maybe(Schema.String.annotations({ description: "Name or id" })),
  partners_may_assign: Workflow.maybe(Schema.Boolean.annotations({ description: "Of the dataset" })),
  exclude_fields: Workflow.maybe(texts.annotations({ description: "Fields to hide" })),
  include_fields: Workflow.maybe(texts.annotations({ description: "Fields to show again" })),
  rename: Workflow.maybe(
    Schema.Record({ key: Schema.String, value: Schema.String }).annotations({ description: "New names by field" })
  ),
  filters: Workflow.maybe(
    Schema.Array(Workflow.brief(Filter)).annotations({
      description: "All that shall hold: {field, operator: EQUALS, NOT_EQUALS, IN or NOT_IN, values}"
    })
  ),
  user: Workflow.maybe(Schema.String.annotations({ description: "Mail address, name or id" })),
  role: Workflow.maybe(Schema.String.annotations({ description: "\"none\" takes them out" })),
  since: Workflow.maybe(Schema.String.annotations({ description: "For audit (ISO)" })),
  dry_run: Workflow.maybe(Schema.Boolean.annotations({ description: "Only plan" })),
  ...Confirmation.inputField,
  detail: Workflow.maybe(Schema.Literal("brief", "full").annotations({ description: "full: all lines" }))
})

export type Input = typeof Input.Type

/**
 * What `manage_permissions` answers.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Output = Schema.Struct({
  ...Workflow.answerFields,
  clean_room: Workflow.maybe(Words.Reference),
  ...Plan.fields,
  parties: Workflow.maybe(Schema.Array(Overview.Party)),
  questions: Workflow.maybe(Schema.Array(Overview.QuestionRights)),
  datasets: Workflow.maybe(Schema.Array(Overview.DatasetRights)),
  changes: Workflow.maybe(Schema.Array(History.View)),
  marks: Workflow.maybe(Schema.Array(Schema.String)),
  denied: Workflow.maybe(Schema.Array(Schema.String)),
  ...Workflow.closingFields
})

export type Output = typeof Output.Type

type Place = Known<CleanRoom>

const cut = <A>(items: ReadonlyArray<A>, most: number, full: boolean) => full ? items : items.slice(0, most)

const layersNote =
  "A right is effective only where the person's roles, the dataset's rules and the cloud allow it too; " +
  "rules of datasets and the rights behind roles are shown in Habu's UI only."

const report = Effect.fnUntraced(function*(input: Input, cleanRoom: Place, taken: ReadonlyArray<string>) {
  const full = input.detail === "full"
  const parts = yield* Overview.read(cleanRoom)
  const questions = Overview.questionRights(parts)
  const datasets = Overview.datasetRights(parts)
  const denied = Overview.withheld(parts)
  const may = (right: string) => questions.filter(({ partners_may }) => partners_may.includes(right)).length
  const isNothing = questions.length === 0 && Overview.members(parts).length === 0 && denied.length > 0
  return Workflow.compact({
    status: isNothing ? "denied" as const : denied.length > 0 ? "partial" as const : "done" as const,
    summary: `${Words.title(cleanRoom)}: partners may run ${may("RUN")} and see results of ${may("VIEW_RESULTS")} of ${
      Words.count(questions.length, "question")
    }, and see the code of ${may("VIEW_CODE")}; ${
      datasets.filter(({ partners_may_assign }) => partners_may_assign).length
    } of ${Words.count(datasets.length, "dataset")} may be assigned by them.`,
    clean_room: Words.reference(cleanRoom),
    parties: Overview.parties(cleanRoom, parts, full ? 100 : shownPeople),
    questions: cut(questions, shownQuestions, full),
    datasets: cut(datasets, shownDatasets, full),
    denied,
    warnings: [
      ...taken,
      layersNote,
      ...(!full && (questions.length > shownQuestions || datasets.length > shownDatasets)
        ? [
          `Only the first ${shownQuestions} questions and ${shownDatasets} datasets are shown; detail: full shows all.`
        ]
        : [])
    ]
  }) satisfies Output
})

const operations = new Set([
  "configureCleanRoomQuestionPermissions",
  "assignCleanroomQuestionDatasetsOwnership",
  "configureCleanroomDataset",
  "updateCleanroomDatasetById",
  "updateCleanroomDatasetPartnerAssignment",
  "addCleanroomUser",
  "updateCleanroomUserRole",
  "deleteCleanroomUser",
  "addCleanroomPartner",
  "deleteCleanroomPartner",
  "updateCleanroomPartnerUserRole",
  "deleteCleanroomPartnerUser",
  "upsertCleanRoomQuestionResultShares",
  "updateCleanroom"
])

const momentOf = (since: string | undefined) => {
  const wanted = Words.given(since)
  if (wanted === undefined) return Effect.succeed(undefined)
  const millis = Date.parse(Words.moment(wanted) ?? "")
  return Number.isFinite(millis) ? Effect.succeed(millis) : Effect.fail(
    new Workflow.InputInvalid({
      field: "since",
      problem: `is ${JSON.stringify(Text.clean(wanted, 40))}, which is no day or time`,
      advice: "Give an ISO day or time, such as 2026-03-01."
    })
  )
}

const marksOf = (parts: Overview.Parts): ReadonlyArray<string> => {
  const people = Overview.members(parts)
  const nameOf = (id: string | undefined) => {
    const found = people.find(({ user }) => user.user?.id === id)
    return found === undefined ? Words.said(id, 40) : Roles.title(found)
  }
  return people.flatMap((member) => {
    const { timeAudit, userAudit } = member.user
    const at = Words.moment(timeAudit?.updatedAt ?? timeAudit?.createdAt)
    const by = nameOf(userAudit?.updatedBy ?? userAudit?.createdBy)
    return at === undefined
      ? []
      : [
        `${Roles.title(member)} is ${Words.said(member.user.role?.name, 50) ?? "without role"} as of ${at}${
          by === undefined ? "" : `, by ${by}`
        }.`
      ]
  })
}

const audit = Effect.fnUntraced(function*(input: Input, cleanRoom: Place, taken: ReadonlyArray<string>) {
  const full = input.detail === "full"
  const since = yield* momentOf(input.since)
  const parts = yield* Overview.read(cleanRoom)
  const names = new Map<string, string>([
    [cleanRoom.id, Words.title(cleanRoom)],
    ...Overview.answered(parts.questions).map(({ placed: { question } }) =>
      [question.id, Words.title(question)] as const
    ),
    ...Overview.answered(parts.datasets).flatMap(({ id, name }) =>
      id === undefined ? [] : [[id, Words.said(name) ?? id] as const]
    ),
    ...Overview.members(parts).flatMap((member) =>
      member.user.id === undefined ? [] : [[member.user.id, Roles.title(member)] as const]
    )
  ])
  const { entries, warnings } = yield* History.of(
    new Set(names.keys()),
    { since },
    (operation) => operations.has(operation)
  )
  const shown = cut(entries, shownEntries, full)
  const marks = marksOf(parts)
  return Workflow.compact({
    status: "done" as const,
    summary: `${Words.count(entries.length, "change")} of rights in ${Words.title(cleanRoom)} ${
      entries.length === 1 ? "was" : "were"
    } made through habu-mcp${since === undefined ? "" : ` since ${Words.iso(since)}`}${
      entries.length > shown.length ? `; the latest ${shown.length} are shown` : ""
    }. Changes made elsewhere show only as far as Habu marks who changed something last.`,
    clean_room: Words.reference(cleanRoom),
    changes: shown.map((entry) => History.view(entry, (id) => names.get(id))),
    marks: cut(marks, shownPeople, full),
    denied: Overview.withheld(parts),
    warnings: [...taken, ...warnings]
  }) satisfies Output
})

const asking = (cleanRoom: Place, summary: string): Output => ({
  status: "needs_input",
  summary,
  clean_room: Words.reference(cleanRoom)
})

type Changes = ReadonlyArray<Plan.Change<HabuClient>>

/** What is to be changed, and a name to type where something goes for good. */
interface Intent {
  readonly changes: Changes
  readonly settled: ReadonlyArray<Plan.Step>
  readonly name?: string
}

const isRight = (name: string): name is Rights.Right => Rights.rights.some((right) => right === name)

const wantedRights = (permissions: { readonly [name: string]: "owner" | "partners" }) => {
  const named = Object.entries(permissions).map(([name, who]) => [name.trim().toUpperCase(), who] as const)
  const stranger = named.find(([name]) => !isRight(name))
  return stranger === undefined
    ? Effect.succeed(Object.fromEntries(named) as { readonly [R in Rights.Right]?: "owner" | "partners" })
    : Effect.fail(
      new Workflow.InputInvalid({
        field: "permissions",
        problem: `names ${JSON.stringify(Text.clean(stranger[0], 40))}`,
        options: Rights.rights,
        advice: "Use these names, each with owner or partners. Nothing was changed."
      })
    )
}

const ofQuestions = Effect.fnUntraced(function*(input: Input, cleanRoom: Place) {
  const directory = yield* HabuDirectory
  const wanted = yield* wantedRights(input.permissions ?? {})
  const references = input.questions ?? []
  const isAll = references.some((reference) => Text.folded(reference) === "all")
  const placed = isAll
    ? yield* directory.questions(cleanRoom)
    : yield* Effect.forEach(references, (reference) => directory.question(reference, cleanRoom), { concurrency: 4 })
  const planned = yield* Effect.forEach(
    placed,
    (one) => Effect.map(Rights.read(one), (permissions) => ({ one, change: Rights.setting(one, permissions, wanted) })),
    { concurrency: "unbounded" }
  )
  return {
    changes: planned.flatMap(({ change }) => change ?? []),
    settled: planned.flatMap(({ change, one }) =>
      change === undefined ? [Plan.already(`permissions of ${Words.title(one.question)}`)] : []
    )
  } satisfies Intent
})

const ofDataset = Effect.fnUntraced(function*(input: Input, cleanRoom: Place, reference: string) {
  const habu = yield* HabuClient
  const datasets = known(yield* habu.getCleanroomDatasets({ path: { cleanroomId: cleanRoom.id } }))
  const { id } = yield* resolve("dataset", reference, datasets)
  const dataset = yield* habu.getCleanroomDatasetById({ path: { cleanroomId: cleanRoom.id, datasetId: id } })
  const changes = yield* DatasetAccess.setting(cleanRoom, { ...dataset, id }, {
    partnerCanAssign: input.partners_may_assign,
    exclude: input.exclude_fields ?? [],
    include: input.include_fields ?? [],
    rename: input.rename ?? {},
    filters: input.filters
  })
  return {
    changes,
    settled: changes.length === 0 ? [Plan.already(`access to ${Words.title(dataset)}`)] : []
  } satisfies Intent
})

const isOut = (role: string) => ["none", "remove"].includes(Text.folded(role))

const ofUser = Effect.fnUntraced(function*(cleanRoom: Place, user: string, role: string) {
  const habu = yield* HabuClient
  const path = { cleanroomId: cleanRoom.id }
  const { own, partners } = yield* Effect.all({
    own: habu.getCleanroomUsers({ path, urlParams: {} }),
    partners: Reading.attempt("partners", habu.getAllCleanroomPartners({ path }))
  }, { concurrency: 2 })
  const everybody: ReadonlyArray<Roles.Member> = [
    ...own.map((one) => ({ user: one, partner: undefined })),
    ...Overview.answered(partners).flatMap((partner) =>
      (partner.cleanRoomUsers ?? []).map((one) => ({ user: one, partner }))
    )
  ]
  const found = everybody.filter(Roles.is(user))
  const [member] = found
  if (found.length > 1) {
    return yield* Effect.fail(
      new Workflow.InputInvalid({
        field: "user",
        problem: `is ${JSON.stringify(Text.clean(user, 80))}, which fits ${found.length} people`,
        options: found.map(Roles.title),
        advice: "Give the mail address. Nothing was changed."
      })
    )
  }
  if (member === undefined) {
    // Whoever is not seen may be one of the partners' people, where those are not shown.
    const admitted = isOut(role) ? Effect.succeed(undefined) : Roles.admitting(cleanRoom, user, role)
    if (partners._tag !== "Answered") {
      const change = yield* Effect.mapError(admitted, (error) => error._tag === "InputInvalid" ? partners.error : error)
      return change === undefined
        ? yield* Effect.fail(partners.error)
        : { changes: [change], settled: [] } satisfies Intent
    }
    const change = yield* admitted
    return change === undefined
      ? {
        changes: [],
        settled: [Plan.already(`take ${Text.clean(user, 80)} out`, "Not in the clean room.")]
      } satisfies Intent
      : { changes: [change], settled: [] } satisfies Intent
  }
  if (isOut(role)) {
    return { changes: [Roles.removing(cleanRoom, member)], settled: [], name: Roles.title(member) } satisfies Intent
  }
  const change = yield* Roles.giving(cleanRoom, member, role)
  return change === undefined
    ? { changes: [], settled: [Plan.already(`role of ${Roles.title(member)}`)] } satisfies Intent
    : { changes: [change], settled: [] } satisfies Intent
})

const carry = Effect.fnUntraced(function*(
  input: Input,
  cleanRoom: Place,
  taken: ReadonlyArray<string>,
  intent: Intent
) {
  const ending = yield* Plan.run(intent.changes, {
    tool,
    input,
    settled: intent.settled,
    name: intent.name,
    subject: cleanRoom.id
  })
  const fields = { clean_room: Words.reference(cleanRoom), warnings: taken }
  if (ending._tag !== "CarriedOut") {
    return Workflow.compact({ ...Plan.unmade(ending, { tool, input }), ...fields }) satisfies Output
  }
  const { steps } = ending
  const done = steps.filter(({ result }) => result === "done").length
  return Workflow.compact({
    status: Plan.statusOf(steps),
    summary: [
      steps.every(({ result }) => result === "skipped")
        ? "Nothing had to be changed."
        : `${Words.count(done, "change")} made in ${Words.title(cleanRoom)} and read back.`,
      Plan.remaining(steps)
    ].filter((text) => text !== "").join(" "),
    steps,
    ...fields,
    next_steps: [
      ...(yield* Plan.again(tool, input, steps)),
      { tool, arguments: { clean_room: Words.handle(cleanRoom) }, why: "See who may do what now." }
    ]
  }) satisfies Output
})

const actionOf = (input: Input) =>
  input.action ?? (input.permissions !== undefined
    ? "questions"
    : input.dataset !== undefined
    ? "dataset"
    : input.user !== undefined
    ? "user"
    : "report")

/**
 * Shows rights, changes them, or tells how they changed.
 *
 * @since 0.1.0
 * @category workflows
 */
export const run = Effect.fn("ManagePermissions")(function*(input: Input) {
  const where = yield* Where.cleanRoom(tool, input, input.clean_room)
  if (where._tag === "Asking") return where.answer satisfies Output
  const { taken, value: cleanRoom } = where
  const changed = <E extends object, R>(intent: Effect.Effect<Intent, E, R>) =>
    Reading.forWriting(
      Plan.telling(tool)(Effect.flatMap(intent, (intent) => carry(input, cleanRoom, taken, intent)), input)
    )
  switch (actionOf(input)) {
    case "report":
      return yield* report(input, cleanRoom, taken)
    case "audit":
      return yield* audit(input, cleanRoom, taken)
    case "questions": {
      if ((input.questions ?? []).length === 0 || Object.keys(input.permissions ?? {}).length === 0) {
        return asking(cleanRoom, "Which questions (questions), and who shall have what (permissions)?")
      }
      return yield* changed(ofQuestions(input, cleanRoom))
    }
    case "dataset": {
      const dataset = Words.given(input.dataset)
      if (dataset === undefined) return asking(cleanRoom, "Which dataset? Give dataset: its name or id.")
      return yield* changed(ofDataset(input, cleanRoom, dataset))
    }
    case "user": {
      const user = Words.given(input.user)
      const role = Words.given(input.role)
      if (user === undefined || role === undefined) {
        return asking(cleanRoom, "Whom (user), and which role (role; \"none\" takes them out)?")
      }
      return yield* changed(ofUser(cleanRoom, user, role))
    }
  }
})
