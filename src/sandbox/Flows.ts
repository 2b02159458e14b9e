/**
 * Flows: questions that feed one another. How one is built from a request, and what follows from its nodes.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import type * as Api from "../habu/api/Flows.js"
import type { QuestionDetails } from "../habu/api/Questions.js"
import * as Access from "./Access.js"
import * as QuestionState from "./QuestionState.js"
import * as RoomQuestions from "./RoomQuestions.js"
import type * as Rows from "./Rows.js"
import type * as World from "./World.js"

const types = ["Hybrid", "Snowflake", "HabuConfidentialComputing"]

/**
 * Whether a type of clean room has flows.
 *
 * @since 0.1.0
 * @category guards
 */
export const isSupported = (room: Rows.CleanRoom): boolean => types.includes(room.type)

/**
 * A flow of a clean room, by its id there or by the flow's own.
 *
 * @since 0.1.0
 * @category getters
 */
export const get = (world: World.Service, path: { readonly cleanroomId: string; readonly cleanroomFlowId: string }) =>
  Effect.gen(function*() {
    const room = yield* Access.cleanRoom(world, path.cleanroomId)
    const id = path.cleanroomFlowId
    const row = world.flows.find((flow) => flow.cleanRoomId === room.id && (flow.id === id || flow.flowId === id))
    return { room, flow: yield* Access.found(row, "Clean room flow", id) }
  })

/**
 * The nodes of the version in use, or of another.
 *
 * @since 0.1.0
 * @category getters
 */
export const nodes = (flow: Rows.Flow, version = flow.version): ReadonlyArray<Rows.FlowNode> =>
  flow.versions[version - 1]?.nodes ?? []

/**
 * A node by its UUID or label.
 *
 * @since 0.1.0
 * @category getters
 */
export const node = (nodes: ReadonlyArray<Rows.FlowNode>, identifier: string | undefined): Rows.FlowNode | undefined =>
  nodes.find(({ id, label }) => id === identifier || label === identifier)

/**
 * The question of a node.
 *
 * @since 0.1.0
 * @category getters
 */
export const definition = (world: World.Service, node: Rows.FlowNode): QuestionDetails =>
  world.questions.get(node.questionId)?.versions.at(-1) ?? {}

/**
 * READY once every macro of every node has a dataset or is fed by another node.
 *
 * @since 0.1.0
 * @category getters
 */
export const stage = (world: World.Service, flow: Rows.Flow): "READY" | "MISSING_DATASETS" =>
  nodes(flow).every((node) => QuestionState.status(world, node) === "READY") ? "READY" : "MISSING_DATASETS"

const available = (world: World.Service, room: Rows.CleanRoom) =>
  world.questions.where((question) =>
    question.organizationId === world.organizationId ||
    world.cleanRoomQuestions.find((row) => row.cleanRoomId === room.id && row.questionId === question.id) !== undefined
  )

const questionOf = (world: World.Service, room: Rows.CleanRoom, identifier: string) => {
  const base = identifier.replace(/^(Q-\d+)_\d+$/, "$1")
  return available(world, room).find((question) =>
    question.id === identifier || question.displayId === base || question.versions.at(-1)?.title === identifier
  )
}

/** The first use of a question has its display id for a label, the next ones a number after it. */
const labels = (questions: ReadonlyArray<Rows.Question>): ReadonlyArray<string> =>
  questions.map(({ displayId }, index) => {
    const before = questions.slice(0, index).filter((question) => question.displayId === displayId).length
    return before === 0 ? displayId : `${displayId}_${before}`
  })

const levelOf = (
  identifier: string,
  parents: ReadonlyMap<string, ReadonlyArray<string>>,
  seen: ReadonlyArray<string> = []
): number | undefined => {
  if (seen.includes(identifier)) return undefined
  const levels = (parents.get(identifier) ?? []).map((parent) => levelOf(parent, parents, [...seen, identifier]))
  if (levels.includes(undefined)) return undefined
  return levels.reduce<number>((most, level) => Math.max(most, (level ?? 0) + 1), 0)
}

/** What is wrong with the shape of a flow, before any question is looked at. */
const misshapen = (requested: ReadonlyArray<Api.APINode>): string | undefined => {
  const identifiers = requested.map(({ nodeIdentifier }) => nodeIdentifier)
  if (identifiers.length === 0) return "A flow needs a node"
  if (new Set(identifiers).size < identifiers.length) return "Node identifiers must be unique"
  const stranger = requested.flatMap(({ edges = [] }) => edges).find(({ parentID }) => !identifiers.includes(parentID))
  return stranger === undefined ? undefined : `Node ${stranger.parentID} is not part of the flow`
}

interface Draft {
  readonly requested: Api.APINode
  readonly question: Rows.Question
  readonly label: string
  readonly level: number
}

const draft = (
  world: World.Service,
  room: Rows.CleanRoom,
  requested: ReadonlyArray<Api.APINode>
): ReadonlyArray<Draft> | string => {
  const wrong = misshapen(requested)
  if (wrong !== undefined) return wrong
  const questions = requested.map(({ nodeIdentifier }) => questionOf(world, room, nodeIdentifier))
  const missing = requested.find((_, index) => questions[index] === undefined)
  if (missing !== undefined) return `There is no question ${missing.nodeIdentifier}`
  const known = questions.filter((question) => question !== undefined)
  const parents = new Map(
    requested.map(({ edges = [], nodeIdentifier }) => [nodeIdentifier, edges.map(({ parentID }) => parentID)])
  )
  const names = labels(known)
  const drafts = requested.flatMap((item, index) => {
    const [question, label, level] = [known[index], names[index], levelOf(item.nodeIdentifier, parents)]
    return question === undefined || label === undefined || level === undefined
      ? []
      : [{ requested: item, question, label, level }]
  })
  return drafts.length < requested.length ? "The nodes of a flow must not form a circle" : drafts
}

const edgesOf = (world: World.Service, item: Draft, ids: ReadonlyMap<string, string>): Rows.FlowNode["edges"] =>
  (item.requested.edges ?? []).map(({ datasetMacro, fieldMappings = [], parentID }) => ({
    id: world.ids.uuid("flowEdge"),
    macro: datasetMacro,
    parentId: ids.get(parentID) ?? "",
    columns: Object.fromEntries(fieldMappings.map((field) => [field.datasetFieldName, field.parentFieldName]))
  }))

const unknownMacro = (drafts: ReadonlyArray<Draft>): string | undefined => {
  for (const { question, requested } of drafts) {
    const macros = (question.versions.at(-1)?.dataTypes ?? []).map(({ macro }) => macro)
    const stranger = (requested.edges ?? []).find(({ datasetMacro }) => !macros.includes(datasetMacro))
    if (stranger !== undefined) return `Question ${question.displayId} has no macro ${stranger.datasetMacro}`
  }
  return undefined
}

const build = (
  world: World.Service,
  room: Rows.CleanRoom,
  drafts: ReadonlyArray<Draft>,
  before: ReadonlyArray<Rows.FlowNode>
): ReadonlyArray<Rows.FlowNode> => {
  const ids = new Map(drafts.map(({ label, requested }) => [
    requested.nodeIdentifier,
    node(before, label)?.id ?? world.ids.uuid("flowNode")
  ]))
  return drafts.map((item): Rows.FlowNode => {
    const { label, level, question, requested } = item
    const edges = edgesOf(world, item, ids)
    const known = node(before, label)?.bindings ?? []
    const bindings = RoomQuestions.bindings(world, question.versions.at(-1) ?? {}, room.ownerId)
      .filter(({ macro }) => !edges.some((edge) => edge.macro === macro))
      .map((fresh) => known.find(({ macro }) => macro === fresh.macro) ?? fresh)
    return {
      id: ids.get(requested.nodeIdentifier) ?? "",
      label,
      questionId: question.id,
      level,
      edges,
      bindings,
      tags: (requested.tags ?? "").split(",").map((tag) => tag.trim()).filter((tag) => tag !== ""),
      computeCapacity: requested.settings?.computeCapacity ?? "DEFAULT",
      access: requested.settings?.access ?? []
    }
  })
}

/**
 * The nodes that a request describes, or what is wrong with it. Nodes that were there `before` keep their ids and
 * datasets.
 *
 * @since 0.1.0
 * @category constructors
 */
export const plan = (
  world: World.Service,
  room: Rows.CleanRoom,
  requested: ReadonlyArray<Api.APINode>,
  before: ReadonlyArray<Rows.FlowNode>
): ReadonlyArray<Rows.FlowNode> | string => {
  const drafts = draft(world, room, requested)
  if (typeof drafts === "string") return drafts
  return unknownMacro(drafts) ?? build(world, room, drafts, before)
}

/**
 * Which part of a flow to run.
 *
 * @since 0.1.0
 * @category models
 */
export interface Selection {
  readonly branches?: string
  readonly excludeNodesWithoutTags?: boolean
  readonly ignoreParentChildRule?: boolean
  readonly includeMismatchingTaggedNodes?: boolean
}

/**
 * The nodes that a run with these branches takes in: those with one of the tags, those without tags unless they are
 * excluded, and the parents of all of them unless that rule is ignored.
 *
 * @since 0.1.0
 * @category getters
 */
export const select = (nodes: ReadonlyArray<Rows.FlowNode>, selection: Selection): ReadonlyArray<Rows.FlowNode> => {
  const branches = (selection.branches ?? "").split(",").map((tag) => tag.trim()).filter((tag) => tag !== "")
  if (branches.length === 0) return nodes
  const isWanted = ({ tags }: Rows.FlowNode) =>
    tags.length === 0
      ? selection.excludeNodesWithoutTags !== true
      : tags.some((tag) => branches.includes(tag)) || selection.includeMismatchingTaggedNodes === true
  const wanted = new Set(nodes.filter(isWanted).map(({ id }) => id))
  const byLevel = nodes.toSorted((a, b) => b.level - a.level)
  if (selection.ignoreParentChildRule !== true) {
    for (const item of byLevel) if (wanted.has(item.id)) { for (const { parentId } of item.edges) wanted.add(parentId) }
  }
  return nodes.filter(({ id }) => wanted.has(id))
}
