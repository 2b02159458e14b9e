/**
 * A clean room after it was set up: its settings, its partners, its end, and its deletion.
 *
 * Habu has no archive: ending a clean room makes it read-only, and a later end date opens it again.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { CleanRoom } from "../habu/api/CleanRooms.js"
import { HabuClient } from "../habu/HabuClient.js"
import { HabuDirectory, type Known } from "../habu/HabuDirectory.js"
import type { HabuState } from "../habu/HabuState.js"
import * as Adding from "./cleanroom/Adding.js"
import * as Contents from "./cleanroom/Contents.js"
import * as Days from "./cleanroom/Days.js"
import * as Dependents from "./cleanroom/Dependents.js"
import * as Inviting from "./cleanroom/Inviting.js"
import * as PartnerChanges from "./cleanroom/PartnerChanges.js"
import * as Updating from "./cleanroom/Updating.js"
import * as View from "./cleanroom/View.js"
import * as Confirmation from "./Confirmation.js"
import * as Gone from "./Gone.js"
import * as HiddenSettings from "./HiddenSettings.js"
import * as Plan from "./Plan.js"
import * as Reading from "./Reading.js"
import * as Renamed from "./Renamed.js"
import type { WatchList } from "./WatchList.js"
import * as Words from "./Words.js"
import * as Workflow from "./Workflow.js"

const tool = "manage_cleanroom_lifecycle"

const actions = [
  "update",
  "extend",
  "end",
  "reopen",
  "invite",
  "reinvite",
  "cancel_invitation",
  "remove_partner",
  "set_partner_role",
  "delete"
] as const

/**
 * What `manage_cleanroom_lifecycle` takes.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Input = Schema.Struct({
  clean_room: Schema.String.annotations({ description: "Name, display id (CR-…) or id" }),
  action: Schema.Literal(...actions).annotations({ description: "end makes it read-only, reopen undoes that" }),
  name: Workflow.maybe(Schema.String.annotations({ description: "New name" })),
  description: Workflow.maybe(Schema.String.annotations({ description: "New one" })),
  start_date: Workflow.maybe(Schema.String.annotations({ description: "YYYY-MM-DD" })),
  end_date: Workflow.maybe(
    Schema.String.annotations({ description: "Last day; reopen without one is open-ended" })
  ),
  ...HiddenSettings.inputFields,
  partners: Workflow.maybe(
    Schema.Array(Schema.String).annotations({ description: "Mail addresses, or names to remove" })
  ),
  invitation_note: Workflow.maybe(Schema.String.annotations({ description: "Its text" })),
  partner_users: Workflow.maybe(
    Schema.Record({ key: Schema.String, value: Schema.String }).annotations({
      description: "Role by mail address"
    })
  ),
  dry_run: Workflow.maybe(Schema.Boolean.annotations({ description: "Only plan" })),
  ...Confirmation.inputField
})

export type Input = typeof Input.Type

/**
 * What `manage_cleanroom_lifecycle` answers.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Output = Schema.Struct({
  ...Workflow.answerFields,
  ...View.fields,
  affects: Workflow.maybe(Schema.Array(Schema.String)),
  ...Plan.fields,
  ...Workflow.closingFields
})

export type Output = typeof Output.Type

type Room = Known<CleanRoom>

type Item = Plan.Change<HabuClient | HabuDirectory | HabuState | WatchList> | Plan.Step

interface Prepared {
  readonly _tag: "Prepared"
  readonly items: ReadonlyArray<Item>
  readonly affects?: ReadonlyArray<string>
  readonly warnings?: ReadonlyArray<string>
  /** What a person types where something is destroyed. */
  readonly typed?: string | undefined
}

const needed = (field: string, action: string, advice: string) =>
  new Workflow.InputInvalid({ field, problem: `is missing, and ${action} needs it`, advice })

const day = 86_400_000

// The last day still counts, so a clean room that is to end now ended yesterday.
const endNow = (room: Room, now: number) => {
  const yesterday = Days.of(now - day)
  const start = room.startAt?.slice(0, 10) ?? yesterday
  return start > yesterday ? start : yesterday
}

const isOver = (room: Room, today: string) => room.endAt !== undefined && room.endAt.slice(0, 10) < today

const datedOf = Effect.fnUntraced(function*(input: Input, room: Room) {
  const now = yield* Clock.currentTimeMillis
  const today = Days.of(now)
  const title = Words.title(room)
  const endAt = yield* Days.given("end_date", input.end_date)
  const wanted = (step: string, grade: Updating.Wanted["grade"], more: Partial<Updating.Wanted>): Updating.Wanted => ({
    settings: {},
    step,
    grade,
    ...more
  })
  const startAt = yield* Days.given("start_date", input.start_date)
  const start = startAt ?? room.startAt ?? today
  if (input.action === "end") {
    return isOver(room, today)
      ? wanted(`end ${title} now`, "outward", {})
      : wanted(`end ${title} now`, "outward", { endAt: endNow(room, now) })
  }
  yield* Days.inOrder(start, endAt, today)
  switch (input.action) {
    case "extend":
      if (endAt === undefined) return yield* Effect.fail(needed("end_date", "extend", "Give the new last day."))
      return room.endAt !== undefined && endAt < room.endAt
        ? yield* Effect.fail(
          new Workflow.InputInvalid({
            field: "end_date",
            problem: `is ${endAt}, before the last day that holds now (${room.endAt})`,
            advice: "Give a later day; update can bring the end forward."
          })
        )
        : wanted(`extend ${title} to ${endAt}`, "ordinary", room.endAt === undefined ? {} : { endAt })
    case "reopen":
      return isOver(room, today)
        ? wanted(`reopen ${title}`, "outward", { endAt: endAt ?? null })
        : wanted(`reopen ${title}`, "outward", {})
    default: {
      const name = Words.given(input.name)?.trim()
      const { cloud, crowd_size, data_decibel, enable, region, sub_region } = input
      return wanted(`update the settings of ${title}`, "ordinary", {
        name,
        description: input.description,
        startAt,
        endAt,
        settings: Workflow.compact({ cloud, crowd_size, data_decibel, region, sub_region, ...(enable && { enable }) })
      })
    }
  }
})

const asking = (input: Input, { missing, why }: Updating.Unknown): Output => {
  const options = (name: typeof missing[number]) =>
    name === "enable"
      ? `a list of the flags that are on: ${Object.keys(HiddenSettings.flags).join(", ")}`
      : HiddenSettings.possible(name)
  return {
    status: "needs_input",
    summary:
      `Nothing was sent. Habu's update replaces all settings of a clean room and shows some of them to nobody; ${why}. ` +
      `To lose none, say what holds or shall hold: ${missing.map((name) => `${name} (${options(name)})`).join("; ")}.`,
    next_steps: [{
      tool,
      arguments: {
        ...input,
        ...Object.fromEntries(missing.map((name) => [name, name === "enable" ? ["<flag>"] : `<${options(name)}>`]))
      },
      why: "The same call with these values, as Habu's UI shows them under the clean room's settings."
    }]
  }
}

const updated = Effect.fnUntraced(function*(input: Input, room: Room) {
  const wanted = yield* datedOf(input, room)
  const plan = yield* Updating.plan(room, wanted)
  if (plan._tag === "Unknown") return plan
  const now = yield* Clock.currentTimeMillis
  return {
    _tag: "Prepared",
    items: [plan.change],
    warnings: [
      ...HiddenSettings.doubt(input.region === undefined && input.cloud === undefined ? {} : plan.settings),
      ...(input.action === "end" && wanted.endAt === Days.of(now)
        ? ["It started today, and its last day is included: it becomes read-only tomorrow (UTC)."]
        : [])
    ]
  } satisfies Prepared
})

const deleted = Effect.fnUntraced(function*(room: Room, contents: Contents.Contents) {
  const affects = yield* Dependents.of(room, contents)
  const title = Words.title(room)
  const step = `delete ${title}`
  return {
    _tag: "Prepared",
    affects,
    typed: Words.said(room.name),
    warnings: ["Habu brings nothing back. The action `end` makes the clean room read-only instead, and can be undone."],
    items: [{
      step,
      grade: "destructive",
      preview: `${step} for good, with everything in it: ${affects.join("; ")}`,
      write: Effect.gen(function*() {
        const habu = yield* HabuClient
        yield* Gone.removing(Updating.kind, [room.id, room.displayId, room.name])
        yield* habu.deleteCleanroom({ path: { cleanroomId: room.id } }).pipe(
          Effect.flatMap(Plan.confirmed("deleteCleanroom")),
          Effect.catchTag("NotFound", () => Effect.void)
        )
      }),
      shown: Effect.map(
        Effect.flatMap(HabuDirectory, ({ cleanRooms }) => cleanRooms),
        (rooms) => !rooms.some(({ id }) => id === room.id)
      )
    }]
  } satisfies Prepared
})

const prepared = Effect.fnUntraced(function*(input: Input, room: Room, contents: Contents.Contents) {
  const place: Adding.Place = {
    title: Words.title(room),
    key: room.id,
    id: Effect.succeed(room.id),
    contents,
    needs: [],
    isNew: false
  }
  const note = Words.given(input.invitation_note)
  const partners = (input.partners ?? []).filter((one) => one.trim() !== "")
  const emails = Effect.suspend(() =>
    partners.length === 0
      ? Effect.fail(needed("partners", input.action, "Give the mail addresses."))
      : Inviting.addresses("partners", partners)
  )
  const of = (items: ReadonlyArray<Item>): Prepared => ({ _tag: "Prepared", items })
  switch (input.action) {
    case "invite": {
      const { changes, settled } = yield* Adding.partners(place, yield* emails, note)
      return of([...changes, ...settled])
    }
    case "reinvite":
      return of(yield* PartnerChanges.reinvite(place, yield* emails, note))
    case "cancel_invitation":
      return of(PartnerChanges.withdraw(place, yield* emails))
    case "remove_partner": {
      if (partners.length === 0) {
        return yield* Effect.fail(needed("partners", input.action, "Name the partners to take out."))
      }
      const items = yield* PartnerChanges.remove(place, partners)
      const [only] = Contents.items(contents.partners).filter((partner) =>
        items.some(({ step }) => step === `remove the partner ${Words.title(partner)}`)
      )
      return { ...of(items), typed: items.length === 1 ? Words.said(only?.name) : Words.said(room.name) }
    }
    case "set_partner_role":
      return Object.keys(input.partner_users ?? {}).length === 0
        ? yield* Effect.fail(needed("partner_users", input.action, "Give the new role by mail address."))
        : of(yield* PartnerChanges.roles(place, input.partner_users ?? {}))
    case "delete":
      return yield* deleted(room, contents)
    default:
      return yield* updated(input, room)
  }
})

const foreign = (room: Room) =>
  new Workflow.InputInvalid({
    field: "clean_room",
    problem: `is ${Words.title(room)}, which belongs to ${
      Words.said(room.ownerOrganization) ?? "another organisation"
    }`,
    advice: "Only its owner can change it: ask its administrators."
  })

const already = (reference: string, since: number): Output => ({
  status: "done",
  summary: `There is no clean room ${
    JSON.stringify(Words.said(reference))
  } any more: it was deleted through this server.`,
  steps: [Plan.already(`delete ${Words.said(reference) ?? ""}`, `Deleted at ${Words.iso(since)}.`)]
})

const settingsOf = Effect.fnUntraced(function*(room: Room) {
  const kept = yield* HiddenSettings.of(room)
  return kept._tag === "None" || kept.value.stale ? [] : HiddenSettings.lines(kept.value.settings)
})

const carriedOut = Effect.fnUntraced(function*(
  input: Input,
  room: Room,
  steps: ReadonlyArray<Plan.Step>,
  { affects, warnings = [] }: Prepared
) {
  const isGone = input.action === "delete" && steps.every(({ result }) => result === "done" || result === "skipped")
  const seen = isGone ? undefined : yield* View.read(room.id, [])
  const view = seen === undefined ? undefined : { ...seen, settings: yield* settingsOf(seen.room) }
  const status = Plan.statusOf(steps)
  const isNothing = steps.every(({ result }) => result === "skipped")
  return Workflow.compact({
    status,
    summary: [
      isGone
        ? `${Words.title(room)} was deleted.`
        : `${Words.title(view?.room ?? room)}: ${
          isNothing ? "nothing had to be done" : status === "done" ? "all done" : "not all done"
        }.`,
      Plan.remaining(steps)
    ].filter((part) => part !== "").join(" "),
    ...(view === undefined ? {} : View.toOutput(view)),
    affects,
    steps,
    warnings: [
      ...(isGone ? [] : warnings),
      ...(view === undefined || view.settings.length === 0 ? [] : [View.notReadable])
    ],
    next_steps: [
      ...(yield* Plan.again(tool, input, steps)),
      ...(view === undefined ? [] : View.nextSteps(view))
    ]
  }) satisfies Output
})

const managed = Effect.fnUntraced(function*(input: Input, room: Room) {
  const { contents, isOwn } = yield* Contents.readWithOwner(room.id)
  if (isOwn === false) return yield* Effect.fail(foreign(room))
  const preparation: Prepared | Updating.Unknown = yield* prepared(input, room, contents)
  if (preparation._tag === "Unknown") return asking(input, preparation)
  const { affects, items, typed, warnings = [] } = preparation
  const ending = yield* Plan.run(items.filter((item) => "write" in item), {
    tool,
    input,
    settled: items.filter((item) => "result" in item),
    name: typed,
    subject: { cleanRoom: room.id, affects: affects ?? [] }
  })
  if (ending._tag === "CarriedOut") return yield* carriedOut(input, room, ending.steps, preparation)
  if (ending._tag === "Waiting") return Workflow.compact({ ...ending.answer, affects, steps: ending.steps, warnings })
  const { dry_run: _, ...again } = input
  return Workflow.compact({
    status: "done" as const,
    summary: `Nothing was sent. ${Words.count(ending.steps.length, "step")} as planned.`,
    affects,
    steps: ending.steps,
    warnings,
    next_steps: [{ tool, arguments: again, why: "Carry it out." }]
  })
}, Plan.telling(tool))

/**
 * Changes a clean room (operations `updateCleanroom`, `addCleanroomPartner`, `cancelPartnerInvitationById`,
 * `deleteCleanroomPartner`, `updateCleanroomPartnerUserRole`, `deleteCleanroom`). A setting that Habu hides is never
 * lost: what is not known is asked for before anything is sent.
 *
 * @since 0.1.0
 * @category constructors
 */
export const run = Effect.fn("ManageCleanroomLifecycle.run")(function*(input: Input) {
  const directory = yield* HabuDirectory
  const found = yield* Effect.either(directory.cleanRoom(input.clean_room))
  if (found._tag === "Right") return yield* managed(input, found.right)
  if (input.action === "update" && found.left._tag === "ReferenceUnknown") {
    const asked = { reference: input.clean_room, name: input.name }
    const rooms = yield* directory.cleanRooms
    return yield* managed(input, yield* Renamed.found(Updating.kind, rooms, asked)(found.left))
  }
  const since = input.action === "delete" && found.left._tag === "ReferenceUnknown"
    ? yield* Gone.since(Updating.kind, input.clean_room)
    : undefined
  return since === undefined ? yield* Effect.fail(found.left) : already(input.clean_room, since)
}, Reading.forWriting)
