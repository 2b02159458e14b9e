/**
 * Destinations: made, brought into a clean room, approved or rejected by its owner, taken out again.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { HabuClient } from "../../habu/HabuClient.js"
import { type Named, resolve } from "../../habu/HabuDirectory.js"
import * as Text from "../../habu/Text.js"
import * as CredentialReference from "../data/CredentialReference.js"
import * as Plan from "../Plan.js"
import * as Words from "../Words.js"
import * as Workflow from "../Workflow.js"
import { Asking } from "./Asking.js"
import * as DestinationTypes from "./DestinationTypes.js"
import * as Situation from "./Situation.js"

/**
 * A destination in an answer: its own set-up, and how it stands in the clean room where one was asked about.
 *
 * @since 0.1.0
 * @category schemas
 */
export const View = Schema.Struct({
  id: Workflow.maybe(Schema.String),
  name: Workflow.maybe(Schema.String),
  type: Workflow.maybe(Schema.String),
  ours: Workflow.maybe(Schema.Boolean),
  set_up: Schema.String,
  in_clean_room: Workflow.maybe(Schema.String),
  what_to_do: Workflow.maybe(Schema.String)
})

export interface View extends Schema.Schema.Type<typeof View> {}

/**
 * What changes, what is so already, and what to say of it.
 *
 * @since 0.1.0
 * @category models
 */
export interface Planned<R = never> {
  readonly changes: ReadonlyArray<Plan.Change<R | HabuClient>>
  readonly settled: ReadonlyArray<Plan.Step>
  readonly warnings?: ReadonlyArray<string>
  /** What a person types where something is destroyed. */
  readonly typed?: string | undefined
}

const quoted = (named: Named) => JSON.stringify(Words.title(named))

const typeOf = ({ account: { partner } }: Situation.Destination) =>
  Words.said(partner?.displayName ?? partner?.name, 80)

const described = (destination: Situation.Destination) =>
  `${Words.said(destination.name) ?? "(no name)"} (${[typeOf(destination), Words.said(destination.id)].join(", ")})`

const setUp = (destination: Situation.Destination) => {
  const { detail, result } = Situation.setUpCheck(destination)
  return result === "ok" ? "works" : detail
}

/**
 * Shows a destination of the organisation.
 *
 * @since 0.1.0
 * @category constructors
 */
export const view = (destination: Situation.Destination): View =>
  Workflow.compact({
    id: Words.said(destination.id),
    name: Words.said(destination.name),
    type: typeOf(destination),
    set_up: setUp(destination)
  })

const todo = (situation: Situation.Situation, placed: Situation.Placed): string | undefined => {
  const owner = Words.said(situation.cleanRoom.ownerOrganization) ?? "the owner"
  switch (Situation.standing(placed)) {
    case "waiting":
      return Situation.isOurs(situation, placed) === true
        ? `${owner} must approve it; ask there.`
        : `${owner} decides, with action approve or reject: once approved, results can leave to it.`
    case "rejected":
      return "The clean room's owner rejected it; find out why before asking again with action provision."
    case "unknown":
    case "approved":
      return undefined
  }
}

/**
 * Shows a destination in a clean room.
 *
 * @since 0.1.0
 * @category constructors
 */
export const placedView = (situation: Situation.Situation) => (placed: Situation.Placed): View =>
  Workflow.compact({
    ...view(placed),
    ours: Situation.isOurs(situation, placed),
    in_clean_room: Words.said(placed.place.channelStatus, 40),
    what_to_do: todo(situation, placed)
  })

/**
 * Finds the organisation's own destinations that are meant; asks where none is named.
 *
 * @since 0.1.0
 * @category getters
 */
export const chosen = <A extends Situation.Destination>(
  tool: string,
  input: { readonly destinations?: ReadonlyArray<string>; readonly [field: string]: unknown },
  from: ReadonlyArray<A>
) => {
  const wanted = (input.destinations ?? []).filter((name) => name.trim() !== "")
  return wanted.length > 0
    ? Effect.map(
      Effect.forEach(wanted, (reference) => resolve("destination", reference, from, described)),
      (found) => [...new Map(found.map((one) => [one.id, one])).values()]
    )
    : Effect.fail(
      new Asking({
        summary: from.length === 0
          ? "There is no destination for this. Action create_destination makes one."
          : `Which destination? Give \`destinations\`: ${from.slice(0, 10).map(described).join(", ")}${
            from.length > 10 ? ", …" : ""
          }.`,
        nextSteps: from.slice(0, 3).map((one) => ({
          tool,
          arguments: { ...input, destinations: [Words.handle(one)] },
          why: `With ${quoted(one)}.`
        }))
      })
    )
}

interface Making {
  readonly destinations?: ReadonlyArray<string>
  readonly destination_type?: string
  readonly credential?: string
  readonly credential_values?: { readonly [key: string]: string }
  readonly [field: string]: unknown
}

/**
 * Whether a destination goes by a name.
 *
 * @since 0.1.0
 * @category guards
 */
export const ofName = (name: string) => (destination: Situation.Destination) =>
  Text.folded(destination.name ?? "") === Text.folded(name)

/**
 * Plans a destination of a name that is not there yet (operation `createDestination`).
 *
 * @since 0.1.0
 * @category constructors
 */
export const making = Effect.fn("Destinations.making")(function*(tool: string, input: Making) {
  const [given, other] = input.destinations ?? []
  const name = Words.given(given)?.trim()
  if (name === undefined || other !== undefined) {
    return yield* Effect.fail(
      new Asking({ summary: "How is the new destination to be called? Give `destinations` its one name." })
    )
  }
  const step = `create destination ${quoted({ name })}`
  const there = (yield* Situation.ownDestinations).find(ofName(name))
  if (there !== undefined) {
    return { changes: [], settled: [Plan.already(step, `It is there already: ${setUp(there)}`)] } satisfies Planned
  }
  const type = yield* DestinationTypes.choose(tool, input)
  const { payload, said, title } = yield* DestinationTypes.access(tool, input, type)
  const change: Plan.Change<HabuClient> = {
    step,
    grade: "ordinary",
    preview: `${step} of type ${Words.said(type.name, 80)}${
      title === undefined ? "" : `, with credential ${JSON.stringify(title)}`
    }`,
    makes: `destination/${Text.folded(name)}`,
    shown: Effect.map(Situation.ownDestinations, (all) => all.some(ofName(name))),
    write: Effect.gen(function*() {
      const habu = yield* HabuClient
      yield* habu.createDestination({ payload: { name, partner: { ID: type.id }, ...payload } })
      return "Habu took it and checks its set-up, which takes some minutes; it can be used once that works."
    })
  }
  return {
    changes: [change],
    settled: [],
    warnings: [
      ...said,
      ...(DestinationTypes.pathParameter(type.partner) === undefined
        ? []
        : [
          "Exports need to write there, on GCS to read and delete too. Of a bucket that is encrypted with a KMS key, " +
          "LiveRamp needs the key's ARN."
        ])
    ]
  } satisfies Planned
})

const placedNow = (cleanroomId: string, id: string) =>
  Effect.map(Situation.destinationsIn(cleanroomId), (all) => all.find((one) => one.id === id))

/**
 * @since 0.1.0
 * @category formatting
 */
export const provisionStep = (destination: Situation.Destination): string =>
  `bring destination ${quoted(destination)} into the clean room`

/**
 * Plans that a destination is brought into a clean room (operation `provisionCleanroomDestinations`). Its owner has to
 * approve one that is not its own.
 *
 * @since 0.1.0
 * @category constructors
 */
export const provisioning = (situation: Situation.Situation, destination: Situation.Destination): Planned => {
  const { cleanRoom } = situation
  const step = provisionStep(destination)
  const there = Situation.answered(situation.placed).find(({ id }) => id === destination.id)
  if (there !== undefined && Situation.standing(there) !== "rejected") {
    return {
      changes: [],
      settled: [Plan.already(step, ["It is there already.", todo(situation, there)].filter(Boolean).join(" "))]
    }
  }
  const isShown = (placed: Situation.Placed | undefined) =>
    placed !== undefined && Situation.standing(placed) !== "rejected"
  return {
    changes: [{
      step,
      grade: "outward",
      preview: `${step} ${Words.title(cleanRoom)}${
        there === undefined ? "" : ", which its owner rejected before"
      }: results can be sent there once its owner, ${
        Words.said(cleanRoom.ownerOrganization) ?? "not named"
      }, agrees (at once for its own)`,
      makes: `provision/${cleanRoom.id}/${destination.id}`,
      shown: Effect.map(placedNow(cleanRoom.id, destination.id), isShown),
      write: Effect.gen(function*() {
        const habu = yield* HabuClient
        const provisions = yield* habu.provisionCleanroomDestinations({
          path: { cleanroomId: cleanRoom.id },
          payload: { destinations: [destination.id] }
        })
        const status = provisions.find(({ partnerAccountId }) => partnerAccountId === destination.id)?.channelStatus
        return status === undefined ? "Habu took it." : `It stands at ${Words.said(status, 40)}.`
      })
    }],
    settled: []
  }
}

const organizations = (cleanroomId: string) =>
  Effect.flatMap(
    HabuClient,
    (habu) => Effect.orElseSucceed(habu.getCleanroomStakeholders({ path: { cleanroomId } }), () => [])
  )

/**
 * Plans the owner's decision on partners' destinations, each of which must be named (operation
 * `reviewDestinationProvisioningRequest`).
 *
 * @since 0.1.0
 * @category constructors
 */
export const reviewing = Effect.fn("Destinations.reviewing")(function*(
  tool: string,
  input: { readonly destinations?: ReadonlyArray<string>; readonly [field: string]: unknown },
  situation: Situation.Situation,
  decision: "APPROVE" | "REJECT"
) {
  const { cleanRoom } = situation
  const placed = yield* Situation.needed(situation.placed)
  const waiting = placed.filter((one) => Situation.standing(one) === "waiting")
  const isNamed = (input.destinations ?? []).length > 0
  const meant = yield* chosen(tool, input, isNamed ? placed : waiting)
  const parties = yield* organizations(cleanRoom.id)
  const verb = decision === "APPROVE" ? "approve" : "reject"
  const planned = meant.map((one): Planned => {
    const step = `${verb} destination ${quoted(one)}`
    const standing = Situation.standing(one)
    const isSo = standing === (decision === "APPROVE" ? "approved" : "rejected")
    if (isSo) return { changes: [], settled: [Plan.already(step)] }
    if (standing !== "waiting") {
      const detail = `It stands at ${Words.said(one.place.channelStatus, 40)}; only one that waits can be decided on.`
      return { changes: [], settled: [Plan.unmet(step, detail)] }
    }
    if (Situation.isOurs(situation, one) === true) {
      const owner = Words.said(cleanRoom.ownerOrganization) ?? "the clean room's owner"
      return { changes: [], settled: [Plan.unmet(step, `It is your organisation's own: ${owner} decides on it.`)] }
    }
    const party = parties.find(({ organizationId }) => organizationId === one.account.organizationID)
    const whose = Words.said(party?.organizationName) ?? "a partner"
    const what = `${step} (${typeOf(one) ?? "type not told"}) of ${whose} for ${Words.title(cleanRoom)}`
    return {
      changes: [{
        step,
        grade: decision === "APPROVE" ? "outward" : "ordinary",
        preview: decision === "APPROVE"
          ? `${what}: results can then leave the clean room to it; it waits now`
          : `${what}: nothing can be sent to it`,
        shown: Effect.map(placedNow(cleanRoom.id, one.id), (now) =>
          decision === "APPROVE"
            ? now !== undefined && Situation.standing(now) === "approved"
            : now === undefined || Situation.standing(now) === "rejected"),
        write: Effect.gen(function*() {
          const habu = yield* HabuClient
          yield* Effect.flatMap(
            habu.reviewDestinationProvisioningRequest({
              path: { cleanroomId: cleanRoom.id, partnerAccountId: one.id },
              payload: { decision }
            }),
            Plan.confirmed("reviewDestinationProvisioningRequest")
          )
        })
      }],
      settled: []
    }
  })
  return { changes: planned.flatMap(({ changes }) => changes), settled: planned.flatMap(({ settled }) => settled) }
})

/**
 * Plans that own destinations are taken out of a clean room (operation `deprovisionCleanroomDestination`), which Habu
 * refuses while one is used there.
 *
 * @since 0.1.0
 * @category constructors
 */
export const withdrawing = Effect.fn("Destinations.withdrawing")(function*(
  tool: string,
  input: { readonly destinations?: ReadonlyArray<string>; readonly [field: string]: unknown },
  situation: Situation.Situation
) {
  const { cleanRoom } = situation
  const placed = yield* Situation.needed(situation.placed)
  const own = yield* Situation.needed(situation.own)
  const isNamed = (input.destinations ?? []).length > 0
  const meant = yield* chosen<Situation.Destination>(
    tool,
    input,
    isNamed ? own : own.filter(({ id }) => placed.some((one) => one.id === id))
  )
  const planned = meant.map((destination): Planned => {
    const step = `take destination ${quoted(destination)} out of the clean room`
    const there = placed.find(({ id }) => id === destination.id)
    if (there === undefined) return { changes: [], settled: [Plan.already(step, "It is not there.")] }
    const users = Situation.answered(situation.jobs).filter(({ job }) => job.partnerAccount?.ID === destination.id)
    if (users.length > 0 || there.place.isUsedForActivation === true) {
      const detail = users.length === 0
        ? "It is used for activation; Habu takes none out that is."
        : `It is used by ${users.slice(0, 5).map(quoted).join(", ")}; delete these first.`
      return { changes: [], settled: [Plan.unmet(step, detail)] }
    }
    return {
      changes: [{
        step,
        grade: "ordinary",
        preview: `${step} ${Words.title(cleanRoom)}: to come back, it has to be brought in and approved anew`,
        shown: Effect.map(placedNow(cleanRoom.id, destination.id), (now) => now === undefined),
        write: Effect.gen(function*() {
          const habu = yield* HabuClient
          yield* Effect.flatMap(
            habu.deprovisionCleanroomDestination({
              path: { cleanroomId: cleanRoom.id, partnerAccountId: destination.id }
            }),
            Plan.confirmed("deprovisionCleanroomDestination")
          )
        })
      }],
      settled: []
    }
  })
  return { changes: planned.flatMap(({ changes }) => changes), settled: planned.flatMap(({ settled }) => settled) }
})

/**
 * How secret values are given, for people.
 *
 * @since 0.1.0
 * @category constants
 */
export const secretsRule = CredentialReference.rule
