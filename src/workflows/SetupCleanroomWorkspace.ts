/**
 * Setting up a clean room: made, or continued where one of that name is there, with its partners, people, datasets and
 * questions, and read back.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Ref from "effect/Ref"
import * as Schema from "effect/Schema"
import type { CleanRoom, CleanRoomType } from "../habu/api/CleanRooms.js"
import { CleanRoomTypeRequest } from "../habu/api/Common.js"
import { HabuClient } from "../habu/HabuClient.js"
import { HabuDirectory, type Known, pick } from "../habu/HabuDirectory.js"
import { Unavailable } from "../habu/HabuError.js"
import type { HabuState } from "../habu/HabuState.js"
import * as Adding from "./cleanroom/Adding.js"
import * as Contents from "./cleanroom/Contents.js"
import * as Days from "./cleanroom/Days.js"
import * as Inviting from "./cleanroom/Inviting.js"
import * as View from "./cleanroom/View.js"
import * as Confirmation from "./Confirmation.js"
import * as HiddenSettings from "./HiddenSettings.js"
import * as Plan from "./Plan.js"
import * as Sources from "./question/Sources.js"
import * as Reading from "./Reading.js"
import type { WatchList } from "./WatchList.js"
import * as Words from "./Words.js"
import * as Workflow from "./Workflow.js"

const tool = "setup_cleanroom_workspace"

/**
 * What `setup_cleanroom_workspace` takes.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Input = Schema.Struct({
  name: Schema.String.annotations({ description: "One of that name is continued" }),
  type: Workflow.maybe(Schema.String.annotations({ description: "Contracted type, such as Hybrid" })),
  description: Workflow.maybe(Schema.String.annotations({ description: "Its purpose" })),
  start_date: Workflow.maybe(Schema.String.annotations({ description: "YYYY-MM-DD; today if not given" })),
  end_date: Workflow.maybe(Schema.String.annotations({ description: "Last day, if any" })),
  ...HiddenSettings.inputFields,
  partners: Workflow.maybe(
    Schema.Array(Schema.String).annotations({ description: "Mail addresses to invite" })
  ),
  invitation_note: Workflow.maybe(Schema.String.annotations({ description: "Its text" })),
  users: Workflow.maybe(
    Schema.Record({ key: Schema.String, value: Schema.String }).annotations({
      description: "Role by own person"
    })
  ),
  datasets: Workflow.maybe(
    Schema.Array(Schema.String).annotations({ description: "Data connections to bring in" })
  ),
  ramp_id_consent: Workflow.maybe(Schema.Boolean.annotations({
    description: "Legal attestation that RampID may join them; false if not given"
  })),
  questions: Workflow.maybe(
    Schema.Array(Schema.String).annotations({ description: "Existing questions to add" })
  ),
  dry_run: Workflow.maybe(Schema.Boolean.annotations({ description: "Only plan" })),
  ...Confirmation.inputField
})

export type Input = typeof Input.Type

/**
 * What `setup_cleanroom_workspace` answers.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Output = Schema.Struct({
  ...Workflow.answerFields,
  ...View.fields,
  ...Plan.fields,
  ...Workflow.closingFields
})

export type Output = typeof Output.Type

type Room = Known<CleanRoom>

const looksLikeReference = /^(CR-\d+|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i

const existingOf = Effect.fnUntraced(function*(name: string) {
  const directory = yield* HabuDirectory
  const rooms = yield* directory.cleanRooms
  const picked = pick("clean room", name, rooms)
  if (picked._tag === "Right") return picked.right
  return picked.left._tag === "ReferenceAmbiguous" || looksLikeReference.test(name.trim())
    ? yield* Effect.fail(picked.left)
    : undefined
})

const isType = Schema.is(CleanRoomTypeRequest)

const typesOf = Effect.flatMap(HabuClient, (habu) => habu.getCleanroomTypes({})).pipe(
  Effect.catchTag("Forbidden", () => Effect.succeed<ReadonlyArray<CleanRoomType>>([]))
)

const typeOf = Effect.fnUntraced(function*(given: string | undefined) {
  const types = yield* typesOf
  const names = types.flatMap(({ name }) => name ?? [])
  const wanted = Words.given(given)
  const [only] = names
  if (wanted === undefined) return { type: names.length === 1 && isType(only) ? only : undefined, types }
  const found = types.find(({ displayName, name }) => [name, displayName].some((own) => Contents.same(own, wanted)))
  const type = found?.name ?? (types.length === 0 ? wanted.trim() : undefined)
  return isType(type) ? { type, types } : yield* Effect.fail(
    new Workflow.InputInvalid({
      field: "type",
      problem: `is ${JSON.stringify(Words.said(wanted, 60) ?? "")}, which the organisation's contract does not cover`,
      options: types.length === 0 ? CleanRoomTypeRequest.literals : names.flatMap((name) => Words.said(name, 60) ?? []),
      advice: "Give one of the possible types."
    })
  )
})

const asking = (
  input: Input,
  missing: ReadonlyArray<HiddenSettings.Name>,
  type: string | undefined,
  types: ReadonlyArray<CleanRoomType>
): Output => {
  const typeNames = types.flatMap(({ name }) => Words.said(name, 60) ?? [])
  const questions = [
    ...(type === undefined
      ? [
        `type: ${
          typeNames.join(", ")
        } (it cannot be changed later; Hybrid where the parties' data lie in different places)`
      ]
      : []),
    ...missing.map((name) => `${name}: ${HiddenSettings.possible(name)}`)
  ]
  return {
    status: "needs_input",
    summary: `Nothing was created. Still to be said, and never guessed, since Habu does not show it again: ${
      questions.join("; ")
    }.`,
    next_steps: [{
      tool,
      arguments: {
        ...input,
        ...(type === undefined && { type: "<type>" }),
        ...Object.fromEntries(missing.map((name) => [name, `<${HiddenSettings.possible(name)}>`]))
      },
      why: "The same call with these values, as the person you work for decides."
    }],
    ...(missing.length > 0 && {
      warnings: [
        "HABU_DEFAULT_REGION, _CLOUD, _SUB_REGION, _CROWD_SIZE and _DATA_DECIBEL can hold an organisation's own."
      ]
    })
  }
}

interface Creation {
  readonly step: string
  readonly changes: ReadonlyArray<Plan.Change<HabuClient | HabuDirectory | HabuState | WatchList>>
  readonly settled: ReadonlyArray<Plan.Step>
  readonly settings: ReadonlyArray<string>
  readonly warnings: ReadonlyArray<string>
}

interface Order {
  readonly name: string
  readonly type: typeof CleanRoomTypeRequest.Type
  readonly startAt: string
  readonly endAt: string | undefined
  readonly description: string | undefined
  readonly chosen: HiddenSettings.Chosen
}

const creating = (order: Order, current: Ref.Ref<Room | undefined>): Creation => {
  const { chosen: { settings, sources }, description, endAt, name, startAt, type } = order
  const title = Words.said(name) ?? ""
  const step = `create the clean room ${JSON.stringify(title)}`
  const settingLines = HiddenSettings.lines(settings, sources)
  const revealed = HiddenSettings.revealing.filter((flag) => settings.enable?.includes(flag))
  const parameters = HiddenSettings.toWire(settings)
  return {
    step,
    settled: [],
    settings: settingLines,
    warnings: HiddenSettings.doubt(settings),
    changes: [{
      step,
      grade: revealed.length === 0 ? "ordinary" : "privacy_lowering",
      preview: `${step}, type ${type}, from ${startAt}${endAt === undefined ? "" : ` to ${endAt}`}; ${
        settingLines.join("; ")
      }${revealed.length === 0 ? "" : `; ${revealed.join(" and ")} switched on`}`,
      makes: `clean room/${title.toLowerCase()}`,
      write: Effect.gen(function*() {
        const habu = yield* HabuClient
        yield* HiddenSettings.sending({ name }, settings)
        const made = yield* habu.createCleanroom({
          payload: {
            name,
            type,
            startAt,
            ...(endAt !== undefined && { endAt }),
            ...(description !== undefined && { description }),
            ...(parameters !== undefined && { parameters })
          }
        })
        const { id } = made
        if (id !== undefined) yield* Ref.set(current, { ...made, id })
        return Words.said(made.displayId) ?? Words.said(made.id)
      }),
      shown: Effect.gen(function*() {
        const directory = yield* HabuDirectory
        const id = (yield* Ref.get(current))?.id
        const found = (yield* directory.cleanRooms).find((room) =>
          id === undefined ? Contents.same(room.name, name) : room.id === id
        )
        if (found === undefined) return false
        yield* Ref.set(current, found)
        yield* HiddenSettings.adopt(found)
        return true
      })
    }]
  }
}

const continuing = Effect.fnUntraced(function*(room: Room, input: Input) {
  yield* HiddenSettings.adopt(room)
  const kept = yield* HiddenSettings.of(room)
  const step = `create the clean room ${JSON.stringify(Words.said(room.name) ?? "")}`
  const differing = [
    ...(input.description !== undefined && !Contents.same(input.description, room.description) ? ["description"] : []),
    ...(input.start_date !== undefined && input.start_date !== room.startAt ? ["start_date"] : []),
    ...(input.end_date !== undefined && input.end_date !== room.endAt ? ["end_date"] : []),
    ...HiddenSettings.names.filter((name) =>
      input[name] !== undefined && input[name] !== (kept._tag === "Some" ? kept.value.settings[name] : undefined)
    ),
    ...(input.enable !== undefined && (kept._tag === "None" ||
        JSON.stringify([...input.enable].sort()) !== JSON.stringify([...kept.value.settings.enable ?? []].sort()))
      ? ["enable"]
      : [])
  ]
  return {
    step,
    changes: [],
    settled: [Plan.already(step, `${Words.title(room)} is there and was continued.`)],
    settings: kept._tag === "None" ? [] : HiddenSettings.lines(kept.value.settings),
    warnings: [
      ...(differing.length === 0
        ? []
        : [
          `Not changed on the existing clean room, since a set-up does not: ${differing.join(", ")}. ` +
          "manage_cleanroom_lifecycle changes settings."
        ]),
      ...(kept._tag === "Some" && kept.value.stale
        ? ["The clean room was changed elsewhere since it was set up here: the hidden settings may differ by now."]
        : [])
    ]
  } satisfies Creation
})

const foreign = (room: Room) =>
  new Workflow.InputInvalid({
    field: "name",
    problem: `is that of ${Words.title(room)}, which belongs to ${
      Words.said(room.ownerOrganization) ?? "another organisation"
    }: only its owner can set it up`,
    advice: "Choose another name for a clean room of your own."
  })

const orderOf = Effect.fnUntraced(function*(input: Input) {
  const name = input.name.trim()
  if (name === "" || Words.said(name) === undefined) {
    return yield* Effect.fail(
      new Workflow.InputInvalid({ field: "name", problem: "is empty", advice: "Give the clean room a name." })
    )
  }
  const today = Days.of(yield* Clock.currentTimeMillis)
  const startAt = (yield* Days.given("start_date", input.start_date)) ?? today
  const endAt = yield* Days.given("end_date", input.end_date)
  yield* Days.inOrder(startAt, endAt, today)
  const { chosen, typed } = yield* Effect.all({ typed: typeOf(input.type), chosen: HiddenSettings.choose(input) })
  return {
    name,
    startAt,
    endAt,
    description: Words.given(input.description),
    chosen,
    ...typed
  }
})

/**
 * Sets up a clean room and reads it back (operations `createCleanroom`, `addCleanroomPartner`, `addCleanroomUser`,
 * `configureCleanroomDataset`, `addCleanroomQuestion`). An existing one of that name is continued with what it lacks.
 *
 * @since 0.1.0
 * @category constructors
 */
export const run = Effect.fn("SetupCleanroomWorkspace.run")(
  function*(input: Input) {
    const partners = yield* Inviting.addresses("partners", input.partners ?? [])
    const existing = yield* existingOf(input.name)
    const order = yield* orderOf(input)
    const { chosen, type, types } = order
    const current = yield* Ref.make<Room | undefined>(existing)
    const creation = existing !== undefined
      ? yield* continuing(existing, input)
      : type === undefined || chosen.missing.length > 0
      ? undefined
      : creating({ ...order, type }, current)
    if (creation === undefined) return asking(input, chosen.missing, type, types)
    const found = existing === undefined ? undefined : yield* Contents.readWithOwner(existing.id)
    if (existing !== undefined && found?.isOwn === false) return yield* Effect.fail(foreign(existing))
    const contents = found?.contents ?? Contents.empty
    const place: Adding.Place = {
      title: existing === undefined ? JSON.stringify(Words.said(order.name)) : Words.title(existing),
      key: existing?.id ?? (Words.said(order.name) ?? "").toLowerCase(),
      id: Effect.flatMap(
        Ref.get(current),
        (room) =>
          room === undefined
            ? Effect.fail(new Unavailable({ operation: "getAllCleanrooms", reason: "unreachable", neverSent: true }))
            : Effect.succeed(room.id)
      ),
      contents,
      needs: [creation.step],
      isNew: existing === undefined
    }
    const parts = yield* Effect.all([
      Adding.partners(place, partners, Words.given(input.invitation_note)),
      Adding.users(place, input.users ?? {}),
      Adding.datasets(place, input.datasets ?? [], input.ramp_id_consent ?? false),
      Effect.flatMap(Sources.find(input.questions ?? [], existing), (sources) => Adding.questions(place, sources))
    ], { concurrency: "unbounded" })
    const ending = yield* Plan.run([...creation.changes, ...parts.flatMap(({ changes }) => changes)], {
      tool,
      input,
      settled: [...creation.settled, ...parts.flatMap(({ settled }) => settled)],
      subject: { cleanRoom: existing?.id ?? null, settings: creation.settings }
    })
    const warnings = [...creation.warnings, ...parts.flatMap(({ warnings }) => warnings)]
    if (ending._tag === "Waiting") return Workflow.compact({ ...ending.answer, steps: ending.steps, warnings })
    if (ending._tag === "Planned") {
      const { dry_run: _, ...again } = input
      return Workflow.compact({
        status: "done" as const,
        summary: `Nothing was sent. ${Words.count(ending.steps.length, "step")} as planned.`,
        settings: creation.settings,
        steps: ending.steps,
        warnings,
        next_steps: [{ tool, arguments: again, why: "Carry it out." }]
      })
    }
    const room = yield* Ref.get(current)
    const view = room === undefined ? undefined : yield* View.read(room.id, creation.settings)
    const status = Plan.statusOf(ending.steps)
    const checks = view === undefined ? [] : View.checks(view, existing === undefined ? order : {})
    return Workflow.compact({
      status: status === "done" && checks.length > 0 ? "partial" as const : status,
      summary: [
        room === undefined
          ? `The clean room ${JSON.stringify(Words.said(order.name))} is not set up.`
          : `${Words.title(view?.room ?? room)} ${existing === undefined ? "was created" : "was there and continued"}${
            view === undefined ? "" : `; it has ${View.inWords(view)}`
          }.`,
        Plan.remaining(ending.steps)
      ].filter((part) => part !== "").join(" "),
      ...(view === undefined ? {} : View.toOutput(view)),
      steps: ending.steps,
      warnings: [
        ...warnings,
        ...checks,
        ...(view === undefined || view.settings.length === 0 ? [] : [View.notReadable]),
        ...(existing !== undefined && creation.settings.length === 0 ? [View.notKnown] : [])
      ],
      next_steps: [
        ...(yield* Plan.again(tool, input, ending.steps)),
        ...(view === undefined ? [] : View.nextSteps(view))
      ]
    }) satisfies Output
  },
  Plan.telling(tool),
  Reading.forWriting
)
