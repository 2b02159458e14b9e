/**
 * Flows, their versions, datasets and decisions.
 *
 * @since 0.1.0
 */
import * as HttpApiBuilder from "@effect/platform/HttpApiBuilder"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Api from "../../habu/api/Flows.js"
import * as Access from "../Access.js"
import * as Assets from "../Assets.js"
import * as Billing from "../Billing.js"
import { assignDatasets } from "../FlowDatasets.js"
import * as FlowDecisions from "../FlowDecisions.js"
import * as Flows from "../Flows.js"
import { served } from "../Group.js"
import { badRequest, notFound } from "../Refusal.js"
import type * as Rows from "../Rows.js"
import { SandboxApi } from "../SandboxApi.js"
import { given, timeAudit } from "../Wire.js"
import * as World from "../World.js"

interface FlowPath {
  readonly cleanroomId: string
  readonly cleanroomFlowId: string
}

const nodeToWire = (world: World.Service, node: Rows.FlowNode) => ({
  id: node.id,
  label: node.label,
  nodeType: "QUESTION",
  referenceId: node.questionId,
  title: Flows.definition(world, node).title ?? "",
  level: node.level,
  tags: node.tags,
  computeCapacity: node.computeCapacity,
  access: node.access
})

const edgesToWire = (node: Rows.FlowNode) =>
  node.edges.map((edge) => ({
    id: edge.id,
    parentNodeID: edge.parentId,
    childNodeID: node.id,
    datasetMacro: edge.macro,
    fieldMappings: Object.entries(edge.columns).map(([datasetFieldName, parentFieldName]) => ({
      datasetFieldName,
      parentFieldName
    }))
  }))

const toWire = (world: World.Service, row: Rows.Flow): Api.ListItemCleanroomFlow => {
  const nodes = Flows.nodes(row)
  const user = world.people.get(world.apiUserId)
  const self = given({ ID: user?.id, name: user?.name, email: user?.email })
  const audits = { timeAudit: timeAudit(row), userAudit: { createdByUser: self, updatedByUser: self } }
  const stage = Flows.stage(world, row)
  return {
    ID: row.id,
    displayID: row.displayId,
    cleanRoomID: row.cleanRoomId,
    flowID: row.flowId,
    status: "ACTIVE",
    stage,
    ...audits,
    flow: given({
      ID: row.flowId,
      displayID: row.flowDisplayId,
      name: row.name,
      description: row.description,
      organizationID: world.organizationId,
      status: "ACTIVE",
      ...audits,
      nodes: nodes.map((node) => nodeToWire(world, node)),
      edges: nodes.flatMap(edgesToWire),
      version: row.version
    }),
    runCount: world.flowRuns.where(({ flowRowId }) => flowRowId === row.id).length,
    flowVersion: row.version,
    isProvisioned: true,
    isBillable: Billing.isFlowBillable(world, row),
    ownerOrganizationID: world.organizationId
  }
}

/** The versions of a flow once a request is carried out: one more, or the one in use replaced. */
const versionsAfter = (
  row: Rows.Flow,
  request: Api.CreateFlowRequest,
  nodes: ReadonlyArray<Rows.FlowNode>,
  now: number
) => {
  const version = { nodes, message: request.versionMessage, createdAt: now }
  return request.createNewVersion === true
    ? { versions: [...row.versions, version], version: row.versions.length + 1 }
    : { versions: row.versions.with(row.version - 1, version), version: row.version }
}

const save = (world: World.Service, cleanRoomId: string, request: Api.CreateFlowRequest) =>
  Effect.gen(function*() {
    const room = yield* Effect.flatMap(Access.cleanRoom(world, cleanRoomId), Access.open)
    if (request.flowName.trim() === "") return yield* Effect.fail(badRequest("flowName must not be empty"))
    if (!Flows.isSupported(room)) return { success: false, message: `${room.type} clean rooms do not support flows` }
    const row = world.flows.find((flow) => flow.cleanRoomId === room.id && flow.name === request.flowName)
    const nodes = Flows.plan(world, room, request.nodes, row === undefined ? [] : Flows.nodes(row))
    if (typeof nodes === "string") return { success: false, message: nodes }
    const now = yield* Clock.currentTimeMillis
    const { description = row?.description } = request
    const saved = world.flows.put(
      row === undefined
        ? {
          id: world.ids.uuid("cleanRoomFlow"),
          displayId: world.ids.displayId("CRF"),
          flowId: world.ids.uuid("flow"),
          flowDisplayId: world.ids.displayId("F"),
          cleanRoomId: room.id,
          name: request.flowName,
          description,
          versions: [{ nodes, message: request.versionMessage, createdAt: now }],
          version: 1,
          decisions: [],
          createdAt: now,
          updatedAt: now
        }
        : { ...row, description, ...versionsAfter(row, request, nodes, now), updatedAt: now }
    )
    return { flowID: saved.flowId, success: true, message: row === undefined ? "Flow created" : "Flow updated" }
  })

const setVersion = (world: World.Service, path: FlowPath & { readonly version: string }) =>
  Effect.gen(function*() {
    const { flow } = yield* Flows.get(world, path)
    const version = Number(path.version)
    if (flow.versions[version - 1] === undefined) return yield* Effect.fail(notFound("Flow version", path.version))
    const updatedAt = yield* Clock.currentTimeMillis
    return { cleanRoomFlow: toWire(world, world.flows.put({ ...flow, version, updatedAt })) }
  })

/** Without a limit the page is empty: the contract's default is 0. */
const list = (world: World.Service, room: Rows.CleanRoom, asked: Api.ListCleanroomFlowsRequest) => {
  const search = (asked.search ?? "").toLowerCase()
  const rows = world.flows.where((flow) =>
    flow.cleanRoomId === room.id && [flow.name, flow.displayId].some((text) => text.toLowerCase().includes(search))
  )
  const offset = asked.offset ?? 0
  return {
    cleanRoomFlows: rows.slice(offset, offset + (asked.limit ?? 0)).map((flow) => toWire(world, flow)),
    count: rows.length
  }
}

const assign = (world: World.Service, path: FlowPath, request: Api.AssignFlowDatasetsRequest) =>
  Effect.gen(function*() {
    const { flow, room } = yield* Flows.get(world, path)
    yield* Access.open(room)
    const now = yield* Clock.currentTimeMillis
    const result = assignDatasets(world, room, Flows.nodes(flow), request.nodeDatasets, now)
    if (typeof result === "string") return { success: false, message: result, assignedDatasets: [] }
    const current = flow.versions[flow.version - 1]
    world.flows.put({
      ...flow,
      versions: flow.versions.with(flow.version - 1, {
        message: current?.message,
        createdAt: current?.createdAt ?? now,
        nodes: result.nodes
      }),
      updatedAt: now
    })
    return {
      success: true,
      message: "Datasets assigned",
      assignedDatasets: result.assignments.map(({ binding, dataset, node }) =>
        given({
          nodeIdentifier: node.label,
          datasetName: dataset.name,
          datasetID: dataset.id,
          organizationName: world.organizations.get(dataset.organizationId)?.name,
          ownership: dataset.organizationId === room.ownerId ? "OWNER" as const : "PARTNER" as const,
          datasetMacro: binding.macro,
          status: "ASSIGNED"
        })
      )
    }
  })

const owners = (world: World.Service, room: Rows.CleanRoom, identifiers: ReadonlyArray<string>) => {
  const found = identifiers.map((requestedIdentifier) => {
    const dataset = world.datasets.find((row) =>
      row.cleanRoomId === room.id && (row.id === requestedIdentifier || row.name === requestedIdentifier)
    )
    return dataset === undefined
      ? { requestedIdentifier, found: false, errorMessage: "The clean room has no such dataset" }
      : given({
        requestedIdentifier,
        datasetID: dataset.id,
        datasetName: dataset.name,
        organizationID: dataset.organizationId,
        organizationName: world.organizations.get(dataset.organizationId)?.name,
        found: true
      })
  })
  return { success: true, message: `${found.filter((item) => item.found).length} found`, datasetOrganizations: found }
}

const nodeDetails = (world: World.Service, flow: Rows.Flow): Api.CleanroomFlowNodeDetails => ({
  nodes: Flows.nodes(flow).flatMap((node) => {
    const question = world.questions.get(node.questionId)
    return question === undefined ? [] : [{
      ...Assets.questionMetadata(question, Flows.definition(world, node)),
      nodeIdentifier: node.label,
      nodeID: node.id,
      nodeLevel: node.level,
      status: "ACTIVE",
      defaultComputeCapacity: node.computeCapacity,
      branches: node.tags
    }]
  })
})

const decisionToWire = (flow: Rows.Flow, { input, nodeId }: Rows.FlowDecision): Api.DecisionNodeResponse => {
  const nodes = Flows.nodes(flow)
  const { conditions = [], gatedEdges, retryConfig } = input
  const idOf = (identifier: string | undefined) => Flows.node(nodes, identifier)?.id
  return given({
    nodeID: nodeId,
    nodeLabel: Flows.node(nodes, nodeId)?.label,
    conditionLogic: input.conditionLogic ?? "AND",
    conditions: conditions.map((condition, index) =>
      given({
        aggregation: "FIRST",
        conditionOrder: index,
        ...condition,
        id: condition.id ?? `${nodeId}/${index}`,
        sourceNodeID: nodeId
      })
    ),
    retryConfig: retryConfig === undefined ? undefined : given({
      maxRetries: retryConfig.maxRetries ?? 0,
      retryNodeIDs: (retryConfig.retryNodeIdentifiers ?? []).flatMap((identifier) => idOf(identifier) ?? []),
      configurations: (retryConfig.configurations ?? []).map((configuration, index) =>
        given({ ...configuration, id: configuration.id ?? `${nodeId}/retry/${index}`, nodeID: nodeId })
      )
    }),
    conditionsFailAction: input.conditionsFailAction ?? "RETRY_WITH_PARAMETERS",
    gatedEdges: gatedEdges === undefined ? undefined : {
      truePath: (gatedEdges.truePath ?? []).map((edge) =>
        given({
          edgeID: nodes.find(({ id }) => id === idOf(edge.childNodeIdentifier))?.edges
            .find(({ parentId }) => parentId === idOf(edge.parentNodeIdentifier))?.id,
          parentNodeID: idOf(edge.parentNodeIdentifier),
          childNodeID: idOf(edge.childNodeIdentifier)
        })
      )
    }
  })
}

/** The clean room's own tier, if it holds anything for what is asked; otherwise the base. */
const decisions = (flow: Rows.Flow, identifier: string | undefined): Api.GetFlowDecisionConfigurationResponse => {
  const nodeId = identifier === undefined ? undefined : Flows.node(Flows.nodes(flow), identifier)?.id
  const asked = flow.decisions.filter((decision) => identifier === undefined || decision.nodeId === nodeId)
  const cleanRoomOverride = asked.some(({ override }) => override)
  return {
    decisionNodes: asked
      .filter(({ override }) => override === cleanRoomOverride)
      .map((decision) => decisionToWire(flow, decision)),
    cleanRoomOverride
  }
}

const setDecisions = (
  world: World.Service,
  path: FlowPath,
  request: Api.CreateOrUpdateFlowDecisionConfigurationRequest
) =>
  Effect.gen(function*() {
    const { flow } = yield* Flows.get(world, path)
    const override = request.cleanRoomOverride ?? false
    const answer = { decisionNodes: request.decisionNodes, cleanRoomOverride: override }
    const made = request.decisionNodes.map((input) => ({
      input,
      override,
      nodeId: Flows.node(Flows.nodes(flow), input.nodeIdentifier)?.id
    }))
    const stranger = made.find(({ nodeId }) => nodeId === undefined)
    const message = stranger === undefined
      ? request.decisionNodes.map(FlowDecisions.fault).find((wrong) => wrong !== undefined)
      : `There is no node ${stranger.input.nodeIdentifier ?? ""}`
    if (message !== undefined) return { success: false, message, ...answer }
    const fresh = made.map((item) => ({ ...item, nodeId: item.nodeId ?? "" }))
    const kept = flow.decisions.filter((old) =>
      !fresh.some((item) => item.nodeId === old.nodeId && item.override === old.override)
    )
    world.flows.put({ ...flow, decisions: [...kept, ...fresh], updatedAt: yield* Clock.currentTimeMillis })
    return { success: true, message: "Decisions saved", ...answer }
  })

const deleteDecisions = (
  world: World.Service,
  path: FlowPath,
  asked: { readonly nodeIdentifier?: string; readonly cleanRoomOverride?: boolean }
) =>
  Effect.gen(function*() {
    const { flow } = yield* Flows.get(world, path)
    const { cleanRoomOverride = false, nodeIdentifier } = asked
    const nodeId = nodeIdentifier === undefined ? undefined : Flows.node(Flows.nodes(flow), nodeIdentifier)?.id
    const isMeant = (decision: Rows.FlowDecision) =>
      decision.override === cleanRoomOverride && (nodeIdentifier === undefined || decision.nodeId === nodeId)
    const deletedNodesCount = flow.decisions.filter(isMeant).length
    world.flows.put({
      ...flow,
      decisions: flow.decisions.filter((decision) => !isMeant(decision)),
      updatedAt: yield* Clock.currentTimeMillis
    })
    return { success: true, message: "Decisions deleted", deletedNodesCount }
  })

/**
 * Serves the group.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = HttpApiBuilder.group(SandboxApi, "Flows", (handlers) =>
  Effect.map(World.World, (world) =>
    served(
      handlers
        .handle(
          "getCleanroomFlow",
          ({ path }) => Effect.map(Flows.get(world, path), ({ flow }) => ({ cleanRoomFlow: toWire(world, flow) }))
        )
        .handle("createOrUpdateCleanroomFlow", ({ path, payload }) => save(world, path.cleanroomId, payload))
        .handle("setCleanroomFlowVersion", ({ path }) => setVersion(world, path))
        .handle(
          "listCleanroomFlows",
          ({ path, payload }) =>
            Effect.map(Access.cleanRoom(world, path.cleanroomId), (room) => list(world, room, payload))
        )
        .handle("assignCleanroomFlowDatasets", ({ path, payload }) => assign(world, path, payload))
        .handle(
          "getDatasetOrganizations",
          ({ path, payload }) =>
            Effect.map(Access.cleanRoom(world, path.cleanroomId), (room) =>
              owners(world, room, payload.datasetIdentifiers))
        )
        .handle(
          "getCleanroomFlowNodeDetails",
          ({ path }) =>
            Effect.map(Flows.get(world, path), ({ flow }) => nodeDetails(world, flow))
        )
        .handle(
          "getFlowDecisionConfiguration",
          ({ path, urlParams }) =>
            Effect.map(Flows.get(world, path), ({ flow }) => decisions(flow, urlParams.nodeIdentifier))
        )
        .handle("createOrUpdateFlowDecisionConfiguration", ({ path, payload }) => setDecisions(world, path, payload))
        .handle("deleteFlowDecisionConfiguration", ({ path, urlParams }) => deleteDecisions(world, path, urlParams))
    )))
