/**
 * More of the same: clean rooms like the seeded ones, for seeing how a client copes with many.
 *
 * @since 0.1.0
 */
import * as Ids from "../Ids.js"
import * as Members from "../Members.js"
import * as RoomQuestions from "../RoomQuestions.js"
import type * as Rows from "../Rows.js"
import { date } from "../Wire.js"
import type * as World from "../World.js"
import * as CleanRooms from "./CleanRooms.js"

/**
 * How much to add.
 *
 * @since 0.1.0
 * @category models
 */
export interface Scale {
  /** Extra clean rooms; none by default. */
  readonly rooms?: number | undefined
  /** Questions in each of them; 20 by default. */
  readonly questions?: number | undefined
}

const day = 86_400_000

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index)

const themes = ["Back to School", "Game Day", "Store Opening", "New Flavours", "Members Week", "Winter Sale"]

const plantRoom = (world: World.Service, template: Rows.CleanRoom, index: number, now: number) => {
  const createdAt = now - Ids.between(world.seed, `scale/age/${index}`, 10, 170) * day
  const room = world.cleanRooms.put({
    ...template,
    id: Ids.uuid(world.seed, `cleanRoom/scale/${index}`),
    displayId: world.ids.displayId("CR"),
    name: `${themes[index % themes.length]} ${String(index + 1).padStart(3, "0")}`,
    description: "One of many, for a larger organisation",
    startAt: date(createdAt),
    createdAt,
    updatedAt: createdAt
  })
  Members.open(world, room, world.apiUserId, createdAt)
  for (const partner of world.partners.where(({ cleanRoomId }) => cleanRoomId === template.id)) {
    const person = world.people.find(({ organizationId }) => organizationId === partner.organizationId)
    if (person !== undefined) Members.join(world, room.id, person, createdAt + day)
  }
  return room
}

/** The datasets of the template's again; answers which stands for which. */
const plantDatasets = (world: World.Service, room: Rows.CleanRoom, datasets: ReadonlyArray<Rows.Dataset>) =>
  new Map(datasets.map((dataset) => {
    const id = Ids.uuid(world.seed, `dataset/${room.id}/${dataset.id}`)
    world.datasets.put({ ...dataset, id, cleanRoomId: room.id })
    return [dataset.id, id]
  }))

/** Questions of the organisation, each brought into every extra clean room. */
const plantDefinitions = (
  world: World.Service,
  templates: ReadonlyArray<Rows.CleanRoomQuestion>,
  questions: number
) =>
  upTo(questions).flatMap((index) => {
    const template = templates[index % templates.length]
    const original = template === undefined ? undefined : world.questions.get(template.questionId)
    if (template === undefined || original === undefined) return []
    const suffix = index < templates.length ? "" : ` (${Math.floor(index / templates.length) + 1})`
    const definition = world.questions.put({
      ...original,
      id: Ids.uuid(world.seed, `question/scale/${index}`),
      displayId: world.ids.displayId("Q"),
      versions: original.versions.map((version) => ({ ...version, title: `${version.title ?? ""}${suffix}` }))
    })
    return [{ template, definition }]
  })

const plantQuestion = (
  world: World.Service,
  room: Rows.CleanRoom,
  datasets: ReadonlyMap<string, string>,
  { definition, template }: ReturnType<typeof plantDefinitions>[number]
) =>
  world.cleanRoomQuestions.put({
    ...template,
    id: Ids.uuid(world.seed, `cleanRoomQuestion/${room.id}/${definition.id}`),
    displayId: world.ids.displayId("CRQ"),
    cleanRoomId: room.id,
    questionId: definition.id,
    bindings: template.bindings.map((binding) => ({
      ...binding,
      id: Ids.uuid(world.seed, `binding/${room.id}/${definition.id}/${binding.macro}`),
      datasetId: binding.datasetId === undefined ? undefined : datasets.get(binding.datasetId)
    })),
    permissions: RoomQuestions.standardPermissions(world, room.granted),
    shares: [],
    createdAt: room.createdAt + 2 * day
  })

/**
 * Plants what is asked for on top of the seeded organisation: copies of its busiest clean room, with the same partners,
 * datasets and questions.
 *
 * @since 0.1.0
 * @category constructors
 */
export const plant = (world: World.Service, now: number, { questions = 20, rooms = 0 }: Scale): void => {
  const template = world.cleanRooms.get(CleanRooms.idOf(world, "summer"))
  if (template === undefined || rooms === 0) return
  const inTemplate = (row: { readonly cleanRoomId: string }) => row.cleanRoomId === template.id
  const datasets = world.datasets.where(inTemplate)
  const definitions = plantDefinitions(world, world.cleanRoomQuestions.where(inTemplate), questions)
  for (const index of upTo(rooms)) {
    const room = plantRoom(world, template, index, now)
    const copies = plantDatasets(world, room, datasets)
    for (const definition of definitions) plantQuestion(world, room, copies, definition)
  }
}
