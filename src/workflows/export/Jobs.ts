/**
 * Export jobs of questions: each carries what the runs of one question produce to one destination.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import type { Partner } from "../../habu/api/Destinations.js"
import type { ExportJobParameter } from "../../habu/api/Exports.js"
import { HabuClient } from "../../habu/HabuClient.js"
import { HabuDirectory, type Placed, resolve } from "../../habu/HabuDirectory.js"
import * as Connections from "../data/Connections.js"
import { isPlaceholder } from "../data/Sources.js"
import * as Plan from "../Plan.js"
import * as Reading from "../Reading.js"
import * as Words from "../Words.js"
import * as Workflow from "../Workflow.js"
import { Asking } from "./Asking.js"
import * as Destinations from "./Destinations.js"
import * as DestinationTypes from "./DestinationTypes.js"
import * as Situation from "./Situation.js"

interface Call {
  readonly destinations?: ReadonlyArray<string>
  readonly questions?: ReadonlyArray<string>
  readonly exports?: ReadonlyArray<string>
  readonly parameters?: { readonly [name: string]: string }
  readonly [field: string]: unknown
}

/**
 * A plan, and what was looked at before.
 *
 * @since 0.1.0
 * @category models
 */
export interface Planned extends Destinations.Planned {
  readonly checks: ReadonlyArray<Situation.Check>
}

/**
 * The questions that are meant; asks where none is named.
 *
 * @since 0.1.0
 * @category getters
 */
export const questions = Effect.fnUntraced(function*(
  tool: string,
  input: Call,
  situation: Situation.Situation,
  isFit: (placed: Placed) => boolean = () => true
) {
  const directory = yield* HabuDirectory
  const wanted = (input.questions ?? []).filter((name) => name.trim() !== "")
  if (wanted.length > 0) {
    return yield* Effect.forEach(wanted, (reference) => directory.question(reference, situation.cleanRoom))
  }
  const all = (yield* directory.questions(situation.cleanRoom)).filter(isFit)
  return yield* Effect.fail(
    new Asking({
      summary: all.length === 0
        ? `${Words.title(situation.cleanRoom)} has no question for this.`
        : `Which question? Give \`questions\`: ${
          all.slice(0, 10).map(({ question }) => Words.title(question)).join(", ")
        }${all.length > 10 ? ", …" : ""}.`,
      nextSteps: all.slice(0, 3).map(({ question }) => ({
        tool,
        arguments: { ...input, questions: [Words.handle(question)] },
        why: `Of ${Words.title(question)}.`
      }))
    })
  )
})

/**
 * Whether a question makes a list of people, which platforms take.
 *
 * @since 0.1.0
 * @category guards
 */
export const isList = ({ question }: Placed): boolean => /list/i.test(question.questionType ?? "")

/**
 * Whether what a question or node produces can go to a destination of this type.
 *
 * @since 0.1.0
 * @category getters
 */
export const fitCheck = (
  title: string,
  makesList: boolean,
  { account, name }: Situation.Destination
): Situation.Check => {
  const check = `${title} fits ${Words.said(name) ?? "the destination"}`
  const isListsOnly = DestinationTypes.takesListsOnly(account.partner)
  if (isListsOnly === undefined) return { check, result: "unknown", detail: "Habu does not tell what it takes." }
  return isListsOnly && !makesList
    ? { check, result: "blocked", detail: "It takes user lists only, and this makes none: send it to a store instead." }
    : { check, result: "ok", detail: makesList ? "It takes user lists." : "It takes results, as files." }
}

const readyCheck = ({ question }: Placed): Situation.Check =>
  question.status?.trim().toUpperCase() === "READY"
    ? { check: `${Words.title(question)} READY`, result: "ok", detail: "It is READY." }
    : {
      check: `${Words.title(question)} READY`,
      result: "blocked",
      detail: `It is ${
        Words.said(question.status, 40) ?? "of no known status"
      }; deploy_analytics_question brings it on.`
    }

/**
 * Whether a destination works and may be used in the clean room. One that is not there yet can be brought in.
 *
 * @since 0.1.0
 * @category getters
 */
export const destinationChecks = (
  situation: Situation.Situation,
  destination: Situation.Destination
): ReadonlyArray<Situation.Check> => {
  const check = `${Words.said(destination.name) ?? "destination"} in the clean room`
  const there = Situation.answered(situation.placed).find(({ id }) => id === destination.id)
  const standing = there === undefined ? undefined : Situation.standing(there)
  const owner = Words.said(situation.cleanRoom.ownerOrganization) ?? "the owner"
  const place: Situation.Check = standing === undefined
    ? { check, result: "ok", detail: "It is not there yet and is brought in first." }
    : standing === "approved"
    ? { check, result: "ok", detail: "It is approved." }
    : standing === "unknown"
    ? { check, result: "unknown", detail: `It stands at ${Words.said(there?.place.channelStatus, 40) ?? "nothing"}.` }
    : {
      check,
      result: "blocked",
      detail: standing === "waiting"
        ? `It waits for approval by ${owner}.`
        : `${owner} rejected it; find out why before asking again with action provision.`
    }
  return [Situation.setUpCheck(destination), place]
}

const isBlocked = ({ result }: Situation.Check) => result === "blocked"

/**
 * Why something cannot be done, from its checks; empty where nothing blocks it.
 *
 * @since 0.1.0
 * @category getters
 */
export const blockers = (checks: ReadonlyArray<Situation.Check>): string =>
  [...new Set(checks.filter(isBlocked).map(({ check, detail }) => `${check}: ${detail}`))].join(" ")

const isPath = (name: string) => /_EXPORT_PATH$/i.test(name)

/**
 * The settings of an export that a destination takes: paths only those of its own kind of store.
 *
 * @since 0.1.0
 * @category getters
 */
export const parametersFor = (
  partner: Partner | undefined,
  given: { readonly [name: string]: string } = {}
): ReadonlyArray<ExportJobParameter> => {
  const own = DestinationTypes.pathParameter(partner)
  return Object.entries(given).flatMap(([name, value]) =>
    DestinationTypes.takesListsOnly(partner) === true || (isPath(name) && own !== undefined && own !== name)
      ? []
      : [{ name, value: value.trim() }]
  )
}

const plain = (path: string) => path.toLowerCase().replace(/^[a-z0-9]+:\/\//, "").replace(/\/+$/, "")

/**
 * Checks where files are to go: real paths, for one of the destinations, apart from what data connections read; asks
 * for the path of a store where no settings are given.
 *
 * @since 0.1.0
 * @category constructors
 */
export const pathsChecked = Effect.fnUntraced(function*(
  tool: string,
  input: Call,
  destinations: ReadonlyArray<Situation.Destination>
) {
  const entries = Object.entries(input.parameters ?? {})
  const expected = [...new Set(destinations.map(({ account }) => DestinationTypes.pathParameter(account.partner)))]
    .filter((name) => name !== undefined)
  if (input.parameters === undefined && expected.length > 0) {
    return yield* Effect.fail(
      new Asking({
        summary:
          `Where in the store are the files to go? Give \`parameters\` ${expected.join(", ")}, a path apart from ` +
          "those that data connections read; {} leaves it to Habu.",
        nextSteps: [{
          tool,
          arguments: { ...input, parameters: Object.fromEntries(expected.map((name) => [name, ""])) },
          why: "With the real path in place of the empty one; ask for it, never make one up."
        }]
      })
    )
  }
  const wrong = entries.find(([, value]) => value.trim() === "" || isPlaceholder(value))
  if (wrong !== undefined) {
    return yield* Effect.fail(
      new Workflow.InputInvalid({
        field: `parameters.${Words.said(wrong[0], 60) ?? ""}`,
        problem: wrong[1].trim() === "" ? "is empty" : "stands in for a real value",
        advice: "Ask the person you work for for the real path. Nothing was sent."
      })
    )
  }
  const stranger = entries.find(([name]) =>
    !destinations.some(({ account }) => parametersFor(account.partner, { [name]: "" }).length > 0)
  )
  if (stranger !== undefined) {
    return yield* Effect.fail(
      new Workflow.InputInvalid({
        field: "parameters",
        problem: `has ${JSON.stringify(Words.said(stranger[0], 60))}, which none of the destinations takes`,
        options: expected,
        advice: "Leave it out. Nothing was sent."
      })
    )
  }
  const paths = entries.filter(([name]) => isPath(name)).map(([, value]) => plain(value.trim()))
  if (paths.length === 0) return []
  const connections = yield* Reading.attempt("data connections", Connections.all)
  const read = Situation.answered(connections).flatMap((connection) =>
    (connection.dataSourceConfiguration ?? []).flatMap(({ value = "" }) =>
      value.includes("://") ? [{ connection, location: plain(value) }] : []
    )
  )
  const collision = read.find(({ location }) => paths.some((path) => `${path}/`.startsWith(`${location}/`)))
  const check = "path apart from data connections"
  return [
    collision === undefined
      ? connections._tag === "Answered"
        ? { check, result: "ok" as const, detail: "No data connection reads from there." }
        : { check, result: "unknown" as const, detail: connections.error.message }
      : {
        check,
        result: "blocked" as const,
        detail: `The data connection ${Words.title(collision.connection)} reads from there; choose another path.`
      }
  ]
})

/**
 * Whether a job exports a question. Habu does not say which of a question's ids it tells.
 *
 * @since 0.1.0
 * @category guards
 */
export const isOf = ({ question }: Placed) => ({ job }: Situation.Job): boolean =>
  [question.id, question.questionId].some((id) => id !== undefined && id !== "" && id === job.questionID) ||
  (job.questionDisplayName !== undefined && job.questionDisplayName === question.displayId)

const isTo = (destinationId: string) => ({ job }: Situation.Job) => job.partnerAccount?.ID === destinationId

const title = (placed: Placed) => JSON.stringify(Words.said(placed.question.name) ?? Words.handle(placed.question))

/**
 * Fails as not possible yet where the clean room's owner has not approved a destination that was just brought in.
 *
 * @since 0.1.0
 * @category combinators
 */
export const approved = (situation: Situation.Situation, destination: Situation.Destination) =>
  Effect.flatMap(Situation.destinationsIn(situation.cleanRoom.id), (all) => {
    const there = all.find(({ id }) => id === destination.id)
    return there !== undefined && Situation.standing(there) === "waiting"
      ? Effect.fail(
        new Plan.Unmet({
          why: `The destination waits for approval by ${
            Words.said(situation.cleanRoom.ownerOrganization) ?? "the clean room's owner"
          }; the same call then goes on.`
        })
      )
      : Effect.void
  })

const making = (
  situation: Situation.Situation,
  placed: Placed,
  destination: Situation.Destination,
  input: Call,
  checks: ReadonlyArray<Situation.Check>
): Destinations.Planned => {
  const { cleanRoom } = situation
  const step = `export ${title(placed)} to ${JSON.stringify(Words.title(destination))}`
  const there = Situation.answered(situation.jobs).find((job) => isOf(placed)(job) && isTo(destination.id)(job))
  if (there !== undefined) {
    return {
      changes: [],
      settled: [
        Plan.already(
          step,
          `There is an export already: ${Words.title(there)}, ${
            there.job.status === "PAUSED" ? "which is paused; action resume lets it go on" : "which is active"
          }. For another path, delete it first.`
        )
      ]
    }
  }
  const blocked = blockers(checks)
  if (blocked !== "") return { changes: [], settled: [Plan.unmet(step, blocked)] }
  const provision = Destinations.provisioning(situation, destination)
  const exportParameters = parametersFor(destination.account.partner, input.parameters)
  const shownPath = exportParameters.map(({ name, value }) => `${name} ${Words.said(value, 100)}`).join(", ")
  return {
    changes: [...provision.changes, {
      step,
      grade: "outward",
      preview: `${step} (${
        Words.said(destination.account.partner?.displayName ?? destination.account.partner?.name, 80) ?? "type not told"
      }): what its runs produce from then on leaves ${Words.title(cleanRoom)}${
        shownPath === "" ? "" : `, with ${shownPath}`
      }`,
      makes: `export/${cleanRoom.id}/${placed.question.id}/${destination.id}`,
      needs: provision.changes.map((change) => change.step),
      shown: Effect.map(
        Situation.jobsIn(cleanRoom.id),
        (jobs) => jobs.some((job) => isOf(placed)(job) && isTo(destination.id)(job))
      ),
      write: Effect.gen(function*() {
        if (provision.changes.length > 0) yield* approved(situation, destination)
        const habu = yield* HabuClient
        yield* habu.createDataExportJobs({
          path: { cleanroomId: cleanRoom.id },
          payload: {
            cleanroomQuestionId: placed.question.id,
            partnerAccountIds: [destination.id],
            ...(exportParameters.length > 0 && { exportParameters })
          }
        })
      })
    }],
    settled: []
  }
}

/**
 * Puts several plans together; a step that several of them have stands once.
 *
 * @since 0.1.0
 * @category combinators
 */
export const together = (plans: ReadonlyArray<Destinations.Planned>): Destinations.Planned => ({
  changes: [...new Map(plans.flatMap(({ changes }) => changes).map((change) => [change.step, change])).values()],
  settled: [...new Map(plans.flatMap(({ settled }) => settled).map((step) => [step.step, step])).values()]
})

/**
 * Out of a Confidential Computing clean room, files go only to stores that LiveRamp allows.
 *
 * @since 0.1.0
 * @category getters
 */
export const confidentialWarning = (situation: Situation.Situation): ReadonlyArray<string> =>
  Situation.isConfidential(situation)
    ? ["Out of a Confidential Computing clean room, LiveRamp must first allow the bucket or container: ask LiveRamp."]
    : []

/**
 * Plans the exports of questions (operation `createDataExportJobs`): to each of the own destinations that are named,
 * which are brought into the clean room where they are not there yet.
 *
 * @since 0.1.0
 * @category constructors
 */
export const exporting = Effect.fn("Jobs.exporting")(function*(
  tool: string,
  input: Call,
  situation: Situation.Situation
) {
  const own = yield* Situation.needed(situation.own)
  yield* Situation.needed(situation.placed)
  yield* Situation.needed(situation.jobs)
  const meant = yield* questions(tool, input, situation)
  const destinations = yield* Destinations.chosen(tool, input, own)
  const paths = yield* pathsChecked(tool, input, destinations)
  const common = [...Situation.roomChecks(situation), ...paths]
  const each = meant.flatMap((placed) =>
    destinations.map((destination) => ({
      placed,
      destination,
      checks: [
        readyCheck(placed),
        ...destinationChecks(situation, destination),
        fitCheck(Words.title(placed.question), isList(placed), destination)
      ]
    }))
  )
  const { changes, settled } = together(
    each.map(({ checks, destination, placed }) => making(situation, placed, destination, input, [...common, ...checks]))
  )
  const all = [...common, ...each.flatMap(({ checks }) => checks)]
  return {
    changes,
    settled,
    checks: [...new Map(all.map((check) => [check.check, check])).values()],
    warnings: confidentialWarning(situation)
  } satisfies Planned
})

const described = ({ id, job, name }: Situation.Job) =>
  `${Words.said(name) ?? "(no name)"} (${Words.said(id)}, ${Words.said(job.status, 20) ?? "no status"})`

/**
 * The exports that are meant: by name or id, or all of the questions that are named. Asks where neither is.
 *
 * @since 0.1.0
 * @category getters
 */
export const chosen = Effect.fnUntraced(function*(tool: string, input: Call, situation: Situation.Situation) {
  const jobs = yield* Situation.needed(situation.jobs)
  const wanted = (input.exports ?? []).filter((name) => name.trim() !== "")
  if (wanted.length > 0) {
    const found = yield* Effect.forEach(wanted, (reference) => resolve("export", reference, jobs, described))
    return [...new Map(found.map((job) => [job.id, job])).values()]
  }
  if ((input.questions ?? []).length > 0) {
    const meant = yield* questions(tool, input, situation)
    return jobs.filter((job) => meant.some((placed) => isOf(placed)(job)))
  }
  return yield* Effect.fail(
    new Asking({
      summary: jobs.length === 0
        ? `${Words.title(situation.cleanRoom)} has no exports.`
        : `Which exports? Give \`exports\`: ${jobs.slice(0, 10).map(described).join(", ")}${
          jobs.length > 10 ? ", …" : ""
        }.`,
      nextSteps: jobs.slice(0, 3).map((job) => ({
        tool,
        arguments: { ...input, exports: [Words.handle(job)] },
        why: `For ${quoted(job)}.`
      }))
    })
  )
})

const quoted = (job: Situation.Job) => JSON.stringify(Words.title(job))

const jobNow = (cleanroomId: string, id: string) =>
  Effect.map(Situation.jobsIn(cleanroomId), (jobs) => jobs.find((job) => job.id === id))

/**
 * Plans that exports are paused or go on (operation `changeJobStatus`). What ends while one is paused may stay
 * unexported.
 *
 * @since 0.1.0
 * @category constructors
 */
export const switching = Effect.fn("Jobs.switching")(function*(
  tool: string,
  input: Call,
  situation: Situation.Situation,
  status: "ACTIVE" | "PAUSED"
) {
  const meant = yield* chosen(tool, input, situation)
  const verb = status === "PAUSED" ? "pause" : "resume"
  const closed = status === "ACTIVE" ? blockers(Situation.roomChecks(situation)) : ""
  return together(meant.map((one): Destinations.Planned => {
    const step = `${verb} export ${quoted(one)} (${Words.handle(one)})`
    if (one.job.status === status) return { changes: [], settled: [Plan.already(step)] }
    if (closed !== "") return { changes: [], settled: [Plan.unmet(step, closed)] }
    return {
      changes: [{
        step,
        grade: status === "PAUSED" ? "ordinary" : "outward",
        preview: status === "PAUSED"
          ? `${step}: what its question produces meanwhile may never be exported`
          : `${step}: what its question produces goes to ${
            JSON.stringify(Words.said(one.job.partnerAccount?.name) ?? "its destination")
          } again`,
        shown: Effect.map(jobNow(situation.cleanRoom.id, one.id), (now) => now?.job.status === status),
        write: Effect.gen(function*() {
          const habu = yield* HabuClient
          yield* Effect.flatMap(
            habu.changeJobStatus({ path: { exportJobId: one.id }, payload: { status } }),
            Plan.confirmed("changeJobStatus")
          )
        })
      }],
      settled: []
    }
  }))
})

/**
 * Plans that exports are deleted for good (operation `deleteDataExportJob`).
 *
 * @since 0.1.0
 * @category constructors
 */
export const deleting = Effect.fn("Jobs.deleting")(function*(
  tool: string,
  input: Call,
  situation: Situation.Situation
) {
  const jobs = yield* Situation.needed(situation.jobs)
  const wanted = (input.exports ?? []).filter((name) => name.trim() !== "")
  // One that is gone already is no error when it was named by its id.
  const gone = wanted.filter((reference) =>
    uuid.test(reference.trim()) && !jobs.some(({ id }) => id === reference.trim())
  )
  const rest = wanted.filter((reference) => !gone.includes(reference))
  const meant = wanted.length > 0 && rest.length === 0
    ? []
    : yield* chosen(tool, wanted.length > 0 ? { ...input, exports: rest } : input, situation)
  const [only] = meant
  return {
    changes: meant.map((one): Plan.Change<HabuClient> => ({
      step: `delete export ${quoted(one)} (${Words.handle(one)})`,
      grade: "destructive",
      preview: `delete export ${quoted(one)} (${
        Words.handle(one)
      }) for good, with its history; pausing it could be undone`,
      shown: Effect.map(jobNow(situation.cleanRoom.id, one.id), (now) => now === undefined),
      write: Effect.gen(function*() {
        const habu = yield* HabuClient
        yield* Effect.flatMap(
          habu.deleteDataExportJob({ path: { exportJobId: one.id } }),
          Plan.confirmed("deleteDataExportJob")
        )
      })
    })),
    settled: gone.map((reference) => Plan.already(`delete export ${Words.said(reference)}`, "It is not there.")),
    typed: meant.length === 1
      ? Words.said(only?.name) ?? only?.id
      : Words.title(situation.cleanRoom)
  } satisfies Destinations.Planned
})

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
