/**
 * Changing and deleting the organisation's destinations, one at a time.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import { HabuClient } from "../../habu/HabuClient.js"
import { HabuDirectory } from "../../habu/HabuDirectory.js"
import type { HabuState } from "../../habu/HabuState.js"
import * as Gone from "../Gone.js"
import * as Plan from "../Plan.js"
import * as Reading from "../Reading.js"
import * as Renamed from "../Renamed.js"
import * as Words from "../Words.js"
import * as Workflow from "../Workflow.js"
import { Asking } from "./Asking.js"
import * as Destinations from "./Destinations.js"
import * as DestinationTypes from "./DestinationTypes.js"
import * as Situation from "./Situation.js"

interface Call {
  readonly destinations?: ReadonlyArray<string>
  readonly new_name?: string
  readonly credential?: string
  readonly credential_values?: { readonly [key: string]: string }
  readonly [field: string]: unknown
}

/**
 * The plan for one destination, which is told of by `id` from then on: its name may be another.
 *
 * @since 0.1.0
 * @category models
 */
export interface Planned extends Destinations.Planned<HabuState> {
  readonly id: string | undefined
}

const one = Effect.fnUntraced(function*(tool: string, input: Call, own: ReadonlyArray<Situation.Destination>) {
  const found = yield* Destinations.chosen(tool, input, own)
  const [destination] = found
  return destination !== undefined && found.length === 1 ? destination : yield* Effect.fail(
    new Workflow.InputInvalid({
      field: "destinations",
      problem: `names ${found.length}, and one is changed at a time`,
      advice: "Name one. Nothing was sent."
    })
  )
})

const typeOf = ({ account: { partner = {} }, id }: Situation.Destination) =>
  Effect.map(
    DestinationTypes.all,
    (types): DestinationTypes.DestinationType =>
      types.find((type) => type.id === partner.ID) ?? Workflow.compact({ id, name: partner.displayName, partner })
  )

const quoted = (name: string | undefined) => JSON.stringify(Words.said(name) ?? "")

const changeStep = ({ name }: Situation.Destination) => `change destination ${quoted(name)}`

const valuesRefused = new Workflow.InputInvalid({
  field: "credential_values",
  problem: "has values of a credential, and a destination is changed to one that is there",
  advice: "Replace the values of the credential that it has with manage_data_integration, action rotate."
})

/**
 * Plans another name, credential or public key (operation `updateDestinationConnection`); what is not given stays. With
 * another credential or key, results may go to somebody else's store.
 *
 * @since 0.1.0
 * @category constructors
 */
export const changing = Effect.fn("DestinationChanges.changing")(function*(tool: string, input: Call) {
  const own = yield* Situation.ownDestinations
  const [reference = ""] = input.destinations ?? []
  const destination = yield* Effect.catchTag(
    one(tool, input, own),
    "ReferenceUnknown",
    Renamed.found(kind, own, { reference, name: input.new_name })
  )
  const { account, id } = destination
  const { publicKey, references } = yield* DestinationTypes.publicKeyOf(input)
  if (Object.keys(references).length > 0) return yield* Effect.fail(valuesRefused)
  const name = Words.given(input.new_name)?.trim() ?? account.name
  const wanted = Words.given(input.credential)
  const credential = wanted === undefined
    ? undefined
    : (yield* DestinationTypes.existing(tool, input, yield* typeOf(destination), wanted)).credential
  if (Words.given(input.new_name) === undefined && credential === undefined && publicKey === undefined) {
    return yield* Effect.fail(
      new Asking({
        summary: `What of ${quoted(destination.name)} is to change? Give \`new_name\`, \`credential\`, or ` +
          `\`credential_values\` with ${DestinationTypes.publicKeyName}.`
      })
    )
  }
  const isSo = (now: Situation.Destination["account"]) =>
    now.name === name && (credential === undefined || now.credential?.ID === credential.id) &&
    (publicKey === undefined || now.publicKey === publicKey)
  const step = changeStep(destination)
  if (isSo(account)) return { id, changes: [], settled: [Plan.already(step)] } satisfies Planned
  const isElsewhere = credential !== undefined || publicKey !== undefined
  const words = [
    ...(name === account.name ? [] : [`name ${quoted(account.name)} to ${quoted(name)}`]),
    ...(credential === undefined
      ? []
      : [`credential ${quoted(account.credential?.name)} to ${quoted(credential.name)}`]),
    ...(publicKey === undefined ? [] : ["another public key"])
  ].join("; ")
  return {
    id,
    changes: [{
      step,
      grade: isElsewhere ? "outward" : "ordinary",
      preview: `${step}: ${words}${
        isElsewhere ? "; what is exported to it goes where these lead, in every clean room that has it" : ""
      }`,
      shown: Effect.map(
        Situation.ownDestinations,
        (all) => all.some((now) => now.id === id && isSo(now.account))
      ),
      write: Effect.gen(function*() {
        const habu = yield* HabuClient
        if (name !== account.name) yield* Renamed.renaming(kind, destination)
        yield* habu.updateDestinationConnection({
          path: { partnerAccountId: id },
          payload: Workflow.compact({ name, credential: credential && { ID: credential.id }, publicKey })
        })
        return words
      })
    }],
    settled: []
  } satisfies Planned
})

const placesOf = Effect.fnUntraced(function*({ id }: Situation.Destination) {
  const rooms = yield* Effect.flatMap(HabuDirectory, (directory) => directory.cleanRooms)
  const looks = yield* Effect.forEach(
    rooms,
    (room) =>
      Effect.map(Reading.attempt("destinations", Situation.destinationsIn(room.id)), (placed) => ({ room, placed })),
    { concurrency: "unbounded" }
  )
  return {
    known: looks.filter(({ placed }) => Situation.answered(placed).some((there) => there.id === id)),
    unseen: looks.filter(({ placed }) => placed._tag !== "Answered")
  }
})

const kind = "destination"

const deleteStep = (name: string | undefined) => `delete destination ${quoted(name)}`

const titles = (looks: ReadonlyArray<{ readonly room: Situation.Situation["cleanRoom"] }>) =>
  looks.slice(0, 10).map(({ room }) => Words.title(room)).join(", ")

const deletion = Effect.fnUntraced(function*(destination: Situation.Destination) {
  const { account, id, name } = destination
  const step = deleteStep(name)
  const jobs = (account.jobCount ?? []).reduce((sum, { count = 0 }) => sum + count, 0)
  if (jobs > 0) {
    const detail = `It has ${Words.count(jobs, "export job")}; delete them first (action delete, in their clean rooms).`
    return { id, changes: [], settled: [Plan.unmet(step, detail)] } satisfies Planned
  }
  const { known, unseen } = yield* placesOf(destination)
  return {
    id,
    typed: Words.said(name) ?? id,
    changes: [{
      step,
      grade: "destructive",
      preview: `${step} for good; ${known.length === 0 ? "no clean room is known to have it" : `in ${titles(known)}`}${
        unseen.length === 0 ? "" : `; could not be looked at: ${titles(unseen)}`
      }`,
      shown: Effect.map(Situation.ownDestinations, (all) => all.every((now) => now.id !== id)),
      write: Effect.gen(function*() {
        const habu = yield* HabuClient
        yield* Gone.removing(kind, [id, name])
        yield* Effect.flatMap(
          habu.deleteDestinationConnection({ path: { partnerAccountId: id } }),
          Plan.confirmed("deleteDestinationConnection")
        )
      })
    }],
    settled: []
  } satisfies Planned
})

/**
 * Plans that a destination is deleted for good (operation `deleteDestinationConnection`), which Habu refuses while export
 * jobs use it.
 *
 * @since 0.1.0
 * @category constructors
 */
export const deleting = Effect.fn("DestinationChanges.deleting")(function*(tool: string, input: Call) {
  const own = yield* Situation.ownDestinations
  const [reference = ""] = input.destinations ?? []
  const found = yield* Effect.catchTag(
    one(tool, input, own),
    "ReferenceUnknown",
    Gone.alreadyStep(kind, reference, deleteStep(reference))
  )
  return "result" in found
    ? { id: undefined, changes: [], settled: [found] } satisfies Planned
    : yield* deletion(found)
})
