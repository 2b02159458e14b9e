/**
 * Changing the settings of a clean room. Habu's update replaces them all and shows only some of them, so what is hidden
 * must be known, from what was set here or from the caller, before anything is sent.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Ref from "effect/Ref"
import * as Schema from "effect/Schema"
import type { CleanRoom, CleanRoomParameterRequest } from "../../habu/api/CleanRooms.js"
import { CleanRoomTypeRequest } from "../../habu/api/Common.js"
import { HabuClient } from "../../habu/HabuClient.js"
import type { Known } from "../../habu/HabuDirectory.js"
import type { HabuState } from "../../habu/HabuState.js"
import type * as Grade from "../Grade.js"
import * as HiddenSettings from "../HiddenSettings.js"
import * as Plan from "../Plan.js"
import * as Renamed from "../Renamed.js"
import * as Words from "../Words.js"
import * as Workflow from "../Workflow.js"

/**
 * What is to be different. `endAt` null takes the end away; what is left out stays.
 *
 * @since 0.1.0
 * @category models
 */
export interface Wanted {
  readonly name?: string | undefined
  readonly description?: string | undefined
  readonly startAt?: string | undefined
  readonly endAt?: string | null | undefined
  readonly settings: HiddenSettings.Given
  /** The step's words, and how far-reaching it is by itself. */
  readonly step: string
  readonly grade: Grade.Grade
}

/**
 * What hidden settings must be said before anything can be changed, and why.
 *
 * @since 0.1.0
 * @category models
 */
export interface Unknown {
  readonly _tag: "Unknown"
  readonly missing: ReadonlyArray<HiddenSettings.Name | "enable">
  readonly why: string
}

/**
 * The change, or that it is so already.
 *
 * @since 0.1.0
 * @category models
 */
export type Planned = {
  readonly _tag: "Known"
  readonly change: Plan.Change<HabuClient | HabuState> | Plan.Step
  readonly settings: HiddenSettings.Settings
}

/**
 * What they are called in notes.
 *
 * @since 0.1.0
 * @category constants
 */
export const kind = "clean room"

type Visible = Pick<CleanRoom, "name" | "description" | "startAt" | "endAt">

const shownOf = ({ description, endAt, name, startAt }: CleanRoom): Visible =>
  Workflow.compact({ name, description, startAt, endAt })

const wantedOf = (room: CleanRoom, wanted: Wanted): Visible => {
  const before = shownOf(room)
  const endAt = wanted.endAt === undefined ? before.endAt : wanted.endAt ?? undefined
  return Workflow.compact({
    name: wanted.name ?? before.name,
    description: wanted.description ?? before.description,
    startAt: wanted.startAt ?? before.startAt,
    endAt
  })
}

const isOn = (settings: HiddenSettings.Settings, flag: HiddenSettings.Flag) =>
  settings.enable === undefined ? undefined : settings.enable.includes(flag)

// The export can be read, and what is read counts for more.
const flagBefore = (room: CleanRoom, before: HiddenSettings.Settings, flag: HiddenSettings.Flag) => {
  const read = flag === "export" ? room.cleanRoomParameters?.["ENABLE_EXPORT"] : undefined
  return read === undefined ? isOn(before, flag) : read === "true"
}

interface Difference {
  readonly text: string
  readonly lowers: boolean
}

const inWords = (value: unknown) =>
  value === undefined ? "unknown" : value === true ? "on" : value === false ? "off" : Words.said(String(value), 80)

const hiddenDifferences = (
  room: CleanRoom,
  before: HiddenSettings.Settings,
  after: HiddenSettings.Settings
): ReadonlyArray<Difference> => [
  ...HiddenSettings.names.flatMap((name) => {
    const [was, is] = [before[name], after[name]]
    const isPrivacy = name === "crowd_size" || name === "data_decibel"
    return was === is ? [] : [{
      text: `${name}: ${inWords(was)} → ${inWords(is)}`,
      lowers: isPrivacy && (was === undefined || Number(is) < Number(was))
    }]
  }),
  ...(Object.keys(HiddenSettings.flags) as ReadonlyArray<HiddenSettings.Flag>).flatMap((flag) => {
    const [was, is] = [flagBefore(room, before, flag), isOn(after, flag)]
    return was === is || is === undefined || (was === undefined && !is) ? [] : [{
      text: `${flag}: ${inWords(was)} → ${inWords(is)}`,
      lowers: is === true && HiddenSettings.revealing.includes(flag)
    }]
  })
]

const labels = { name: "name", description: "description", startAt: "start_date", endAt: "end_date" } as const

const visibleDifferences = (before: Visible, after: Visible): ReadonlyArray<Difference> =>
  (["name", "description", "startAt", "endAt"] as const).flatMap((field) =>
    before[field] === after[field]
      ? []
      : [{
        text: `${labels[field]}: ${before[field] === undefined ? "none" : inWords(before[field])} → ${
          after[field] === undefined ? "none" : inWords(after[field])
        }`,
        lowers: false
      }]
  )

const isType = Schema.is(CleanRoomTypeRequest)

const typeOf = Effect.fnUntraced(function*(room: CleanRoom) {
  const habu = yield* HabuClient
  const types = yield* habu.getCleanroomTypes({})
  const name = types.find(({ id }) => id !== undefined && id === room.cleanRoomTypeId)?.name
  return isType(name) ? name : yield* Effect.fail(
    new Workflow.InputInvalid({
      field: "clean_room",
      problem: "is of a type that Habu does not name to this organisation, and an update must name it",
      advice: "Change it in Habu's UI."
    })
  )
})

const isShown = (shown: CleanRoom, after: Visible, parameters: CleanRoomParameterRequest) =>
  visibleDifferences(shownOf(shown), after).length === 0 &&
  [undefined, parameters.ENABLE_EXPORT].includes(
    shown.cleanRoomParameters?.["ENABLE_EXPORT"] as "true" | "false" | undefined
  )

interface Replacement {
  readonly after: Visible
  readonly settings: HiddenSettings.Settings
  readonly parameters: CleanRoomParameterRequest
}

const replace = Effect.fnUntraced(function*(room: Known<CleanRoom>, replacement: Replacement) {
  const { after, parameters, settings } = replacement
  const type = yield* typeOf(room)
  const path = { cleanroomId: room.id }
  const answered = yield* Ref.make(false)
  return {
    write: Effect.gen(function*() {
      const habu = yield* HabuClient
      yield* HiddenSettings.sending(room, settings)
      if (after.name !== room.name) yield* Renamed.renaming(kind, room)
      const { name = "", startAt = "", ...rest } = after
      yield* habu.updateCleanroom({ path, payload: { name, startAt, ...rest, type, parameters } })
      yield* Ref.set(answered, true)
    }),
    // Where nothing that can be read changes, only the time of the last change can tell that a lost update arrived.
    shown: Effect.gen(function*() {
      const habu = yield* HabuClient
      const shown = yield* habu.getCleanroomById({ path })
      const moved = shown.timeAudit?.updatedAt !== room.timeAudit?.updatedAt
      if (!isShown(shown, after, parameters) || !(moved || (yield* Ref.get(answered)))) return false
      yield* HiddenSettings.remember({ ...shown, id: room.id }, settings)
      return true
    })
  }
})

/**
 * Plans the change: read, merged, and sent as a whole (operation `updateCleanroom`). `Unknown` where a hidden setting
 * would be lost.
 *
 * @since 0.1.0
 * @category constructors
 */
export const plan = Effect.fn("Updating.plan")(function*(room: Known<CleanRoom>, wanted: Wanted) {
  yield* HiddenSettings.adopt(room)
  const kept = yield* HiddenSettings.of(room)
  const before: HiddenSettings.Settings = Option.match(kept, {
    onNone: () => ({}),
    onSome: ({ settings, stale }) => stale ? {} : settings
  })
  const settings: HiddenSettings.Settings = { ...before, ...wanted.settings }
  const after = wantedOf(room, wanted)
  const differences = [...visibleDifferences(shownOf(room), after), ...hiddenDifferences(room, before, settings)]
  const isKnown = Object.keys(before).length > 0
  if (differences.length === 0 && (isKnown || Object.keys(wanted.settings).length === 0)) {
    return { _tag: "Known", change: Plan.already(wanted.step), settings: before } satisfies Planned
  }
  const missing = ([...HiddenSettings.names, "enable"] as const).filter((name) => settings[name] === undefined)
  const parameters = HiddenSettings.toWire(settings)
  if (missing.length > 0 || parameters === undefined) {
    return {
      _tag: "Unknown",
      missing,
      why: Option.exists(kept, ({ stale }) => stale)
        ? "they were set through this server, but the clean room was changed elsewhere since, so they may be others by now"
        : "they were not set through this server"
    } satisfies Unknown
  }
  const lowers = differences.some((difference) => difference.lowers)
  return {
    _tag: "Known",
    settings,
    change: {
      step: wanted.step,
      grade: lowers ? "privacy_lowering" : wanted.grade,
      preview: `${wanted.step}: ${differences.map(({ text }) => text).join(", ")}`,
      ...(yield* replace(room, { after, settings, parameters }))
    }
  } satisfies Planned
})
