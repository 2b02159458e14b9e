/**
 * Finding exports, in one clean room or in all.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { CleanRoom } from "../../habu/api/CleanRooms.js"
import { HabuClient } from "../../habu/HabuClient.js"
import type { Known } from "../../habu/HabuDirectory.js"
import * as History from "../export/History.js"
import * as Jobs from "../export/Jobs.js"
import * as Situation from "../export/Situation.js"
import * as Reading from "../Reading.js"
import * as Words from "../Words.js"
import * as Workflow from "../Workflow.js"
import * as Answer from "./Answer.js"
import type { Asked } from "./Asked.js"
import { choose } from "./Chosen.js"
import { certain, gather, type Gathered } from "./Gathered.js"
import * as Places from "./Places.js"

const { runs: _, runs_in_all: _inAll, settings: _settings, as_of: _asOf, ...jobFields } = History.View.fields

/**
 * An export in the list, with the clean room that it takes results out of.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Item = Schema.Struct({ ...jobFields, clean_room: Schema.String })

interface Placed {
  readonly job: Situation.Job
  readonly cleanRoom: Known<CleanRoom>
}

const next = (shown: ReadonlyArray<Placed>): ReadonlyArray<Workflow.NextStep> => {
  const [first] = shown
  return first === undefined
    ? []
    : [{
      tool: "manage_data_exports",
      arguments: { action: "history", clean_room: Words.handle(first.cleanRoom), exports: [Words.handle(first.job)] },
      why: "See what it sent."
    }]
}

/**
 * Finds exports (operation `getAllDataExportJobs`), of one question where it is given.
 *
 * @since 0.1.0
 * @category workflows
 */
export const find = Effect.fnUntraced(function*(asked: Asked) {
  const { observed } = yield* HabuClient
  const reference = Words.given(asked.question)
  const question = reference === undefined ? undefined : yield* Places.question(asked, reference)
  const rooms = question === undefined ? yield* Places.cleanRooms(asked) : certain([question.cleanRoom])
  const sources = rooms.items.map((cleanRoom) => ({
    part: "exports",
    cleanRoom,
    read: Reading.mapped(
      Reading.whole(observed.getAllDataExportJobs({ path: { cleanroomId: cleanRoom.id } })),
      (jobs) => Situation.jobsOf(jobs).map((job): Placed => ({ job, cleanRoom }))
    )
  }))
  const read: Gathered<Placed> = sources.length === 0 ? { ...rooms, items: [] } : yield* gather(sources)
  const gathered = question === undefined
    ? read
    : { ...read, items: read.items.filter(({ job }) => Jobs.isOf(question)(job)) }
  const chosen = choose(asked, gathered.items, {
    names: ({ job }) => [job.name],
    statuses: ({ job: { job } }) => [job.status, job.partnerAccountCrChannelStatus]
  })
  const [room] = rooms.items
  return Answer.make(
    asked,
    { ...gathered, staleSince: Reading.oldest([rooms.staleSince, gathered.staleSince]) },
    chosen,
    {
      lists: {
        exports: chosen.shown.map(({ cleanRoom, job }) => ({
          ...History.view(job),
          clean_room: Words.title(cleanRoom)
        }))
      },
      scope: Words.given(asked.clean_room) !== undefined && room ? Answer.within(room) : {},
      warnings: Places.nothingSeen(rooms),
      nextSteps: room === undefined ? [Answer.lookIntoConnection] : next(chosen.shown)
    }
  )
})
