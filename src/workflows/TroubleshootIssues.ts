/**
 * Finding out why something does not work: looks at the evidence itself, in the order of the triage, and answers with the
 * causes that it shows, ranked, each with the fix and who can carry it out. Where the evidence does not tell, it says so.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Schema from "effect/Schema"
import { HabuBudget } from "../habu/HabuBudget.js"
import * as Operations from "../habu/Operations.js"
import * as Text from "../habu/Text.js"
import * as ErrorCatalogue from "./ErrorCatalogue.js"
import * as Reading from "./Reading.js"
import * as Catalogue from "./troubleshoot/Catalogue.js"
import * as Finding from "./troubleshoot/Finding.js"
import * as Mention from "./troubleshoot/Mention.js"
import * as Resolutions from "./troubleshoot/Resolutions.js"
import * as Subject from "./troubleshoot/Subject.js"
import * as SupportBundle from "./troubleshoot/SupportBundle.js"
import * as Symptom from "./troubleshoot/Symptom.js"
import * as Words from "./Words.js"
import * as Workflow from "./Workflow.js"
import { InputInvalid } from "./Workflow.js"

const tool = "troubleshoot_issues"

const reference = (what: string) => Workflow.maybe(Schema.String.annotations({ description: what }))

/**
 * What `troubleshoot_issues` takes.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Input = Schema.Struct({
  symptom: reference("In words; Habu's message too"),
  error_code: reference("Such as FORBIDDEN, or an HTTP status"),
  operation: reference("The operation that failed"),
  value: reference("What was given: an address, a node, a capacity"),
  clean_room: reference("Name or id"),
  question: reference("Name or id"),
  run: reference("A run's id, or its name with question, flow or export"),
  data_connection: reference("Name or id"),
  partner: reference("Name or address, with clean_room"),
  flow: reference("Name or id"),
  flow_run: reference("Name or id"),
  export: reference("An export job's name or id"),
  destination: reference("Name or id"),
  schedule: reference("Name or id"),
  cause: reference("A cause's id such as T-12: alone to read it"),
  outcome: Workflow.maybe(
    Schema.Literal("solved", "not_solved").annotations({ description: "With cause: did its fix help?" })
  ),
  note: reference("With outcome: what was done"),
  list: Workflow.maybe(
    Schema.Literal("resolutions", "catalogue").annotations({
      description: "What was tried, or all causes"
    })
  ),
  support_bundle: Workflow.maybe(Schema.Boolean.annotations({ description: "For LiveRamp's support" })),
  request_id: reference("For the bundle"),
  detail: Workflow.maybe(Schema.Literal("brief", "full").annotations({ description: "full: every cause whole" }))
})

export type Input = typeof Input.Type

const Step = Schema.Struct({
  do: Schema.String,
  who: Schema.Literal("server", "habu ui", "partner", "liveramp", "data owner"),
  tool: Workflow.maybe(Schema.String),
  operations: Workflow.maybe(Schema.Array(Schema.String))
})

const Cause = Schema.Struct({
  id: Schema.String,
  cause: Schema.String,
  confidence: Schema.Literal("proven", "likely", "described"),
  found: Schema.String,
  symptom: Workflow.maybe(Schema.String),
  check: Workflow.maybe(Schema.String),
  fix: Workflow.maybe(Schema.Array(Step)),
  basis: Workflow.maybe(Schema.Array(Schema.String)),
  before: Workflow.maybe(Schema.String)
})

const Brief = Schema.Struct({ id: Schema.String, cause: Schema.String, found: Workflow.maybe(Schema.String) })

/**
 * `verdict` tells whether the evidence shows a cause. `described` causes rest on the words alone.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Output = Schema.Struct({
  ...Workflow.answerFields,
  verdict: Workflow.maybe(
    Schema.Literal("found", "by_description", "explained", "not_enough_evidence").annotations({
      description: "Whether the evidence shows a cause; by_description: only the words point at it"
    })
  ),
  looked_into: Workflow.maybe(Schema.Array(Schema.Struct({ kind: Schema.String, ...Words.Reference.fields }))),
  error: Workflow.maybe(
    Schema.Struct({
      code: Schema.String,
      category: Schema.String,
      retryable: Schema.Boolean,
      meaning: Schema.String,
      advice: Workflow.maybe(Schema.String)
    }).annotations({ description: "What the error says of itself" })
  ),
  causes: Workflow.maybe(Schema.Array(Cause).annotations({ description: "The most likely first" })),
  also_found: Workflow.maybe(
    Schema.Array(Brief).annotations({ description: "Other trouble that does not show as what was described" })
  ),
  checked: Workflow.maybe(
    Schema.Array(Schema.Struct({
      check: Schema.String,
      result: Schema.Literal("ok", "problem", "note", "denied", "unknown"),
      found: Schema.String
    })).annotations({ description: "What was looked at, in order, and what it showed" })
  ),
  not_checked: Workflow.maybe(
    Schema.Array(Brief).annotations({ description: "What the description may mean, and could not be looked at" })
  ),
  catalogue: Workflow.maybe(Schema.Array(Schema.Struct({ id: Schema.String, symptom: Schema.String }))),
  resolutions: Workflow.maybe(Schema.Array(Resolutions.Resolution)),
  support_bundle: Workflow.maybe(SupportBundle.Bundle),
  ...Workflow.closingFields
})

export type Output = typeof Output.Type

const statuses: { readonly [status: string]: string } = {
  "400": "REQUEST_INVALID",
  "401": "ACCESS_TOKEN_REFUSED",
  "403": "FORBIDDEN",
  "404": "NOT_FOUND",
  "409": "CONFLICT",
  "412": "PRECONDITION_FAILED",
  "429": "RATE_LIMITED",
  "500": "HABU_UNAVAILABLE",
  "502": "HABU_UNAVAILABLE",
  "503": "HABU_UNAVAILABLE",
  "504": "HABU_UNAVAILABLE"
}

const errorOf = (given: string | undefined): Either.Either<ErrorCatalogue.Item | undefined, InputInvalid> => {
  if (given === undefined) return Either.right(undefined)
  const item = ErrorCatalogue.find(statuses[given.trim()] ?? given)
  return item !== undefined ? Either.right(item) : Either.left(
    new InputInvalid({
      field: "error_code",
      problem: `is ${JSON.stringify(Text.clean(given, 60))}, which no error of this server has`,
      options: ErrorCatalogue.all.map(({ code }) => code),
      advice: "Give the code as the error shows it, or put what it says into `symptom`."
    })
  )
}

const operationOf = (given: string | undefined): Either.Either<string | undefined, InputInvalid> => {
  const wanted = given?.trim().toLowerCase()
  const found = [...Operations.all.keys(), "token"].find((id) => id.toLowerCase() === wanted)
  return wanted === undefined || found !== undefined ? Either.right(found) : Either.left(
    new InputInvalid({
      field: "operation",
      problem: `is ${JSON.stringify(Text.clean(given ?? "", 60))}, which is no operation of Habu's API`,
      options: [...Operations.all.keys()].filter((id) => id.toLowerCase().includes(wanted)).slice(0, 15),
      advice: "Give it as the error names it, such as createCleanroomQuestionRun, or leave it out."
    })
  )
}

const entryOf = (given: string): Either.Either<Catalogue.Entry, InputInvalid> => {
  const entry = Catalogue.find(given)
  return entry !== undefined ? Either.right(entry) : Either.left(
    new InputInvalid({
      field: "cause",
      problem: `is ${JSON.stringify(Text.clean(given, 40))}, which the catalogue does not have`,
      advice: "Give an id such as T-12; `list: \"catalogue\"` shows them all."
    })
  )
}

// Blanks are what models fill in for nothing.
const given = (input: Input): Input =>
  Object.fromEntries(
    Object.entries(input).filter(([, value]) => value !== "" && (typeof value !== "string" || value.trim() !== ""))
  )

const inBrief = 3
const wholeCauses = 1

const causeOf = (
  finding: Finding.Finding,
  isWhole: boolean,
  resolutions: ReadonlyArray<Resolutions.Resolution>
): typeof Cause.Type => {
  const { entry, says, strength } = finding
  return Workflow.compact({
    id: entry.id,
    cause: entry.cause,
    confidence: strength === "fact" ? "likely" as const : strength,
    found: says,
    symptom: isWhole ? entry.symptom : undefined,
    check: strength === "described" || isWhole ? entry.check : undefined,
    fix: entry.fix.map((step) => Workflow.compact({ ...step })),
    basis: isWhole ? entry.evidence : undefined,
    before: Resolutions.record(resolutions, entry.id)
  })
}

const briefOf = ({ entry, says }: Finding.Finding): typeof Brief.Type => ({
  id: entry.id,
  cause: entry.cause,
  found: says
})

const described = (entry: Catalogue.Entry): Finding.Finding => ({
  entry,
  strength: "described",
  says: entry.shown === "no"
    ? "Habu's API does not show this; the description points at it."
    : "Only the description points at it; nothing was looked at."
})

interface Traced {
  readonly causes: ReadonlyArray<Finding.Finding>
  readonly besides: ReadonlyArray<Finding.Finding>
  /** What the description may mean and could not be seen. */
  readonly unseen: ReadonlyArray<Catalogue.Entry>
}

// What the words point at, and no detector has found or ruled out.
const openEntries = (investigation: Finding.Investigation, pointers: Finding.Pointers) => {
  const found = new Set(investigation.findings.map(({ entry }) => entry.id))
  return Catalogue.all.filter(({ id }) => pointers.has(id) && !found.has(id) && !investigation.cleared.has(id))
    .sort((a, b) => (pointers.get(b.id) ?? 0) - (pointers.get(a.id) ?? 0))
}

const areaOf: { readonly [kind: string]: Catalogue.Area } = {
  "data connection": "data connections",
  flow: "flows",
  "export job": "exports",
  destination: "exports",
  schedule: "schedules"
}

const trace = (
  investigation: Finding.Investigation,
  pointers: Finding.Pointers,
  looked: ReadonlyArray<Subject.Looked>
): Traced => {
  const isLooked = looked.length > 0
  const open = openEntries(investigation, pointers)
  const byWords = open.filter(({ shown }) => !isLooked || shown === "no").map(described)
  const { besides, causes } = Finding.rank(
    [...investigation.findings, ...byWords],
    pointers,
    looked.flatMap(({ kind }) => areaOf[kind] ?? [])
  )
  return { causes, besides, unseen: open.filter(({ shown }) => isLooked && shown !== "no") }
}

const quoted = (named: { readonly id?: string; readonly name?: string; readonly displayId?: string }) =>
  JSON.stringify(Words.title(named))

const nothingGiven = {
  status: "needs_input" as const,
  summary: "Describe what happens (symptom), give the error's code with its operation, or name what has the trouble: " +
    "a clean room, question, run, data connection, flow, flow run, export, destination or schedule.",
  next_steps: [
    { tool, arguments: { list: "catalogue" }, why: "See what is known to go wrong." },
    { tool: "find_resources", arguments: { kind: "questions" }, why: "Find what has the trouble." }
  ]
}

const kindOf: { readonly [area in Catalogue.Area]?: string } = {
  "clean rooms": "clean_room",
  "partners and people": "clean_room",
  questions: "question",
  results: "question",
  identity: "question",
  "data connections": "data_connection",
  exports: "export",
  flows: "flow",
  schedules: "schedule"
}

const findFor: { readonly [argument: string]: string } = {
  clean_room: "clean_rooms",
  question: "questions",
  data_connection: "data_connections"
}

const kinds: ReadonlyArray<readonly [RegExp, string]> = [
  [/\b(?:export|destination|audience|activat|deliver)/i, "export"],
  [/\bschedul/i, "schedule"],
  [/\bflow/i, "flow"],
  [/\b(?:connection|dataset|table|bucket|file)/i, "data_connection"]
]

// Where the words point at no known trouble, they may still tell what it is with.
const kindSaid = (symptom: string | undefined): string | undefined =>
  symptom === undefined ? undefined : kinds.find(([words]) => words.test(symptom))?.[1] ?? "question"

const whereToLook = (input: Input, causes: ReadonlyArray<Finding.Finding>): ReadonlyArray<Workflow.NextStep> => {
  const areas = causes.flatMap(({ entry }) => entry.shown === "no" ? [] : kindOf[entry.area] ?? [])
  const wanted = causes.length === 0 ? kindSaid(input.symptom) : areas[0]
  if (wanted === undefined) return []
  const kind = findFor[wanted]
  return [
    {
      tool,
      arguments: { ...input, [wanted]: `<name or id>` },
      why: "Name what has the trouble, to have it looked into."
    },
    ...(kind === undefined ? [] : [{ tool: "find_resources", arguments: { kind }, why: "Find its name." }])
  ]
}

const meantSteps = (input: Input, { options }: Mention.Mention): ReadonlyArray<Workflow.NextStep> =>
  options.slice(0, inBrief).map(({ argument, named }) => ({
    tool,
    arguments: { ...input, [argument]: Words.handle(named) },
    why: `Look into ${quoted(named)}, which the description may mean.`
  }))

const retrySteps = (looked: ReadonlyArray<Subject.Looked>, slotsLeft: number): ReadonlyArray<Workflow.NextStep> =>
  slotsLeft === 0 ?
    [] :
    looked.flatMap(({ question, retryable }) =>
      retryable === undefined || question === undefined ? [] : [{
        tool: "execute_question_workflow",
        arguments: Workflow.compact({ question: Words.handle(question.question), parameters: retryable.parameters }),
        why: `Habu says that repeating the run may help. It spends one of the ${slotsLeft} starts that are left.`
      }]
    )

const afterwards = (
  again: { readonly [argument: string]: unknown },
  first: Finding.Finding | undefined,
  hasBundle: boolean
): ReadonlyArray<Workflow.NextStep> => [
  ...(first === undefined
    ? []
    : [{
      tool,
      arguments: { ...again, cause: first.entry.id, outcome: "solved" },
      why: "Only once it was tried and works again; not_solved if it does not. It is remembered."
    }]),
  ...(hasBundle
    ? []
    : [{
      tool,
      arguments: { ...again, support_bundle: true },
      why: "If that does not help: what LiveRamp's support needs."
    }])
]

const checkSteps = (first: Finding.Finding | undefined, looked: ReadonlyArray<Subject.Looked>) =>
  first !== undefined && ["T-09", "T-10", "T-33", "T-16"].includes(first.entry.id)
    ? looked.flatMap(({ question }) =>
      question === undefined ? [] : [{
        tool: "execute_question_workflow",
        arguments: { question: Words.handle(question.question), dry_run: true },
        why: "See what a run needs now; nothing is started."
      }]
    )
    : []

const withheld = ({ errors }: Finding.Investigation): ReadonlyArray<string> =>
  [...new Set(errors.map(({ advice, message }) => `${message} ${advice}`))].slice(0, 3)

const shownChecks = (checks: ReadonlyArray<Finding.Check>, isFull: boolean) => {
  const interesting = checks.filter(({ result }) => result !== "ok")
  return isFull || checks.length <= 14
    ? checks
    : [...interesting, ...checks.filter(({ result }) => result === "ok")].slice(0, 14)
}

const summaryOf = (
  { causes, besides, unseen }: Traced,
  looked: ReadonlyArray<Subject.Looked>,
  checks: number,
  error: ErrorCatalogue.Item | undefined,
  mayMean: ReadonlyArray<Mention.Thing>
): string => {
  const about = looked.map(({ kind, named }) => `the ${kind} ${quoted(named)}`).join(" and ")
  const [first, ...rest] = causes
  const seen = checks === 0 ? "" : ` (${Words.count(checks, "check")})`
  const explained = error === undefined ? "" : `${error.code}: ${error.meaning} `
  if (first === undefined) {
    return `${explained}${about === "" ? "" : `Looked into ${about}${seen}. `}Not enough evidence for a cause.${
      about !== "" || error !== undefined
        ? ""
        : ` The description fits no trouble that is known, and ${
          mayMean.length === 0 ? "names nothing that is here" : "may mean several things that are here: name the one"
        }.`
    }${besides.length === 0 ? "" : ` Something else was found: ${besides.map(({ entry }) => entry.id).join(", ")}.`}${
      unseen.length === 0
        ? ""
        : ` It may be ${unseen.slice(0, 3).map(({ id }) => id).join(", ")}, which could not be looked at.`
    }`
  }
  const firmness = {
    proven: "The cause is shown by what Habu holds",
    likely: "The likely cause",
    fact: "The likely cause",
    described: "By the description alone, not looked at"
  }[first.strength]
  return `${explained}${
    about === "" ? "" : `Looked into ${about}${seen}. `
  }${firmness}: ${first.entry.cause} (${first.entry.id}) ${first.says}${
    rest.length === 0 ? "" : ` Also possible: ${rest.slice(0, inBrief).map(({ entry }) => entry.id).join(", ")}.`
  }`
}

const verdictOf = ({ causes }: Traced, error: ErrorCatalogue.Item | undefined, isLooked: boolean) => {
  const [first] = causes
  if (first !== undefined && first.strength !== "described") return "found" as const
  if (error !== undefined && !isLooked) return "explained" as const
  return first === undefined ? "not_enough_evidence" as const : "by_description" as const
}

const recordOutcome = Effect.fnUntraced(function*(input: Input, cause: string, outcome: "solved" | "not_solved") {
  const entry = yield* entryOf(cause)
  const about = [
    input.schedule,
    input.run,
    input.question,
    input.data_connection,
    input.flow_run,
    input.flow,
    input.export,
    input.destination,
    input.partner,
    input.clean_room
  ].find((name) => name !== undefined)
  yield* Resolutions.remember({
    entry: entry.id,
    outcome,
    about: Words.said(about),
    note: Words.said(input.note, 300)
  })
  return {
    status: "done",
    summary: `Remembered that the fix of ${entry.id} ${outcome === "solved" ? "helped" : "did not help"}${
      about === undefined ? "" : ` for ${JSON.stringify(Text.clean(about, 80))}`
    }.`,
    next_steps: outcome === "solved"
      ? [{ tool, arguments: { list: "resolutions" }, why: "See what was tried before." }]
      : [{
        tool,
        arguments: { ...withoutOutcome(input), support_bundle: true },
        why: "Look again, with what LiveRamp's support needs."
      }]
  } satisfies Output
})

const withoutOutcome = ({ cause: _, list: __, note: ___, outcome: ____, ...rest }: Input) => rest

const listResolutions = Effect.map(Resolutions.all, (all): Output =>
  Workflow.compact({
    status: "done" as const,
    summary: all.length === 0
      ? "Nothing was tried and remembered yet."
      : `${Words.count(all.length, "resolution")}, ${
        all.filter(({ outcome }) => outcome === "solved").length
      } of them solved${all.length > 30 ? "; the latest 30 are shown" : ""}.`,
    resolutions: all.slice(0, 30)
  }))

const listCatalogue = (): Output => ({
  status: "done",
  summary: `${Catalogue.all.length} known causes of trouble; cause with an id shows one whole.`,
  catalogue: Catalogue.all.map(({ id, symptom }) => ({ id, symptom }))
})

const readEntry = Effect.fnUntraced(function*(cause: string) {
  const entry = yield* entryOf(cause)
  const resolutions = yield* Resolutions.all
  return {
    status: "done",
    summary: `${entry.id}: ${entry.symptom} ${entry.cause}`,
    verdict: "explained",
    causes: [causeOf(
      {
        entry,
        strength: "described",
        says: entry.shown === "no"
          ? "Habu's API does not show it."
          : "Name what has the trouble, to have it looked into."
      },
      true,
      resolutions
    )]
  } satisfies Output
})

const startsLeft = Effect.gen(function*() {
  const { status } = yield* HabuBudget
  const budgets = yield* Effect.orElseSucceed(status, () => [])
  return budgets.find(({ budget }) => budget === "question_run_start")?.remaining ?? 0
})

const subjects = [
  "clean_room",
  "question",
  "run",
  "data_connection",
  "partner",
  "flow",
  "flow_run",
  "export",
  "destination",
  "schedule"
] as const

const investigate = Effect.fnUntraced(function*(input: Input) {
  const error = yield* errorOf(input.error_code)
  const operation = yield* operationOf(input.operation)
  const pointers = Symptom.both(
    input.symptom === undefined ? new Map() : Symptom.read(input.symptom),
    ErrorCatalogue.pointers(error, operation)
  )
  // What was mended a moment ago must not be found again in a copy.
  yield* Reading.anew
  const isNamed = subjects.some((name) => name !== "clean_room" && input[name] !== undefined)
  const mention = input.symptom === undefined || isNamed
    ? Mention.none
    : yield* Mention.find(input.symptom, input.clean_room)
  const { named, organization } = yield* Subject.lookInto({ ...input, ...mention.asked }, pointers)
  const isAbout = named.length > 0 || organization.length > 0
  const investigation = Finding.together([...named.map((one) => one.investigation), ...organization])
  const traced = trace(investigation, pointers, named)
  const { besides, causes, unseen } = traced
  const [first] = causes
  const verdict = verdictOf(traced, error, isAbout)
  const isFull = input.detail === "full"
  const again = { ...withoutOutcome(input), ...Object.assign({}, ...named.map((one) => one.again)) }
  const resolutions = yield* Effect.orElseSucceed(Resolutions.all, () => [])
  const bundle = input.support_bundle === true
    ? yield* SupportBundle.make(
      { symptom: input.symptom, code: error?.code, operation, requestId: input.request_id },
      investigation,
      causes.map(({ entry, says }) => `${entry.id}: ${says}`).slice(0, 5)
    )
    : undefined
  const isOpen = verdict === "not_enough_evidence" || verdict === "by_description"
  const slotsLeft = named.some(({ retryable }) => retryable !== undefined) ? yield* startsLeft : 0
  return Workflow.compact({
    status: verdict === "found" || verdict === "explained"
      ? "done" as const
      : verdict === "by_description"
      ? first?.entry.shown === "no" ? "done" as const : "needs_input" as const
      : "unknown" as const,
    summary: summaryOf(traced, named, investigation.checks.length, error, mention.options),
    verdict,
    looked_into: named.map(({ kind, named: thing }) => ({ kind, ...Words.reference(thing) })),
    error: error === undefined
      ? undefined
      : Workflow.compact({
        code: error.code,
        category: error.category,
        retryable: error.retryable,
        meaning: error.meaning,
        advice: error.entries.length === 0 ? error.advice : undefined
      }),
    causes: causes.slice(0, isFull ? 10 : inBrief).map((finding, place) =>
      causeOf(finding, isFull || place < wholeCauses, resolutions)
    ),
    also_found: besides.slice(0, isFull ? 10 : inBrief).map(briefOf),
    checked: shownChecks(investigation.checks, isFull),
    not_checked: unseen.slice(0, inBrief).map(({ cause, check, id }) => ({ id, cause, found: check })),
    support_bundle: bundle,
    warnings: [...mention.reasons, ...withheld(investigation)],
    next_steps: [
      ...meantSteps(input, mention),
      ...(isOpen && named.length === 0 && mention.options.length === 0 ? whereToLook(input, causes) : []),
      ...retrySteps(named, slotsLeft),
      ...checkSteps(first, named),
      ...afterwards(again, verdict === "found" ? first : undefined, bundle !== undefined)
    ].slice(0, 4)
  }) satisfies Output
})

/**
 * Looks into what is described or named, remembers an outcome, or lists what is known.
 *
 * @since 0.1.0
 * @category workflows
 */
export const run = Effect.fn("TroubleshootIssues")(function*(raw: Input) {
  const input = given(raw)
  if (input.list === "resolutions") return yield* listResolutions
  if (input.list === "catalogue") return listCatalogue()
  if (input.outcome !== undefined) {
    return yield* input.cause === undefined
      ? Effect.fail(
        new InputInvalid({
          field: "cause",
          problem: "is not given, so it is not known what was tried",
          advice: "Give the id of the cause whose fix was tried, such as T-12, together with outcome."
        })
      )
      : recordOutcome(input, input.cause, input.outcome)
  }
  const isAsked = input.symptom !== undefined || input.error_code !== undefined || input.operation !== undefined ||
    subjects.some((name) => input[name] !== undefined)
  if (!isAsked) return yield* input.cause === undefined ? Effect.succeed<Output>(nothingGiven) : readEntry(input.cause)
  if (input.partner !== undefined && input.clean_room === undefined) {
    return yield* Effect.fail(
      new InputInvalid({
        field: "clean_room",
        problem: "is not given, and a partner is one of a clean room",
        advice: "Give the clean room where the partner has the trouble."
      })
    )
  }
  return yield* investigate(input)
})
