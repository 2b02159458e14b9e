/**
 * What a clean room sees of a dataset: its fields and their names, its rows, and whether a partner may use it.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import { ChangeNote } from "../../audit/ChangeNote.js"
import type { CleanRoom } from "../../habu/api/CleanRooms.js"
import type { CleanRoomDataset, DatasetFieldMapping, DatasetFilter } from "../../habu/api/Datasets.js"
import { HabuClient } from "../../habu/HabuClient.js"
import type { Known } from "../../habu/HabuDirectory.js"
import * as Text from "../../habu/Text.js"
import type { Filter } from "../data/Provisioning.js"
import type * as Grade from "../Grade.js"
import * as Plan from "../Plan.js"
import * as Words from "../Words.js"
import * as Workflow from "../Workflow.js"

/**
 * What is to become of a dataset; what is not given stays.
 *
 * @since 0.1.0
 * @category models
 */
export interface Wanted {
  readonly partnerCanAssign: boolean | undefined
  readonly exclude: ReadonlyArray<string>
  readonly include: ReadonlyArray<string>
  readonly rename: { readonly [field: string]: string }
  /** All conditions that shall hold; undefined leaves them. */
  readonly filters: ReadonlyArray<Filter> | undefined
}

const same = (a: string | undefined, b: string) => Text.folded(a ?? "") === Text.folded(b)

const unknownField = (
  field: string,
  name: string,
  mappings: ReadonlyArray<DatasetFieldMapping>
): Workflow.InputInvalid =>
  new Workflow.InputInvalid({
    field,
    problem: `names ${JSON.stringify(Text.clean(name, 80))}, which the dataset does not have`,
    options: mappings.slice(0, 30).map(({ fieldName }) => Text.clean(fieldName ?? "", 60)),
    advice: "Use the dataset's own field names. Nothing was changed."
  })

const shownFilter = ({ datasetFieldName, operator, values }: DatasetFilter) =>
  `${Words.said(datasetFieldName, 60) ?? "?"} ${operator || "?"} ${(values ?? []).slice(0, 5).join(" | ")}`

const filtersOf = (dataset: CleanRoomDataset) =>
  (dataset.datasetFilters ?? []).filter(({ datasetFieldName = "" }) => datasetFieldName !== "")

const keyOf = (name: string | undefined, operator: string | undefined, values: ReadonlyArray<string>) =>
  JSON.stringify([Text.folded(name ?? ""), operator, [...values].sort()])

const isSameFilters = (current: ReadonlyArray<DatasetFilter>, wanted: ReadonlyArray<Filter>) =>
  JSON.stringify(current.map((one) => keyOf(one.datasetFieldName, one.operator, one.values ?? [])).sort()) ===
    JSON.stringify(wanted.map((one) => keyOf(one.field, one.operator, one.values)).sort())

interface Difference {
  readonly grade: Grade.Grade
  readonly words: string
}

const differences = (dataset: CleanRoomDataset, wanted: Wanted): ReadonlyArray<Difference> => {
  const mappings = dataset.datasetFieldMappings ?? []
  const find = (name: string) => mappings.find(({ fieldName }) => same(fieldName, name))
  const current = filtersOf(dataset)
  const isKept = (filter: DatasetFilter) =>
    wanted.filters?.some((one) =>
      keyOf(one.field, one.operator, one.values) ===
        keyOf(filter.datasetFieldName, filter.operator, filter.values ?? [])
    ) === true
  return [
    ...wanted.exclude.filter((name) => find(name)?.isExcluded !== true)
      .map((name): Difference => ({ grade: "ordinary", words: `${name} no longer seen` })),
    ...wanted.include.filter((name) => find(name)?.isExcluded === true)
      .map((name): Difference => ({ grade: "privacy_lowering", words: `${name} seen again` })),
    ...Object.entries(wanted.rename).filter(([name, to]) => (find(name)?.rename ?? "") !== to)
      .map(([name, to]): Difference => ({
        grade: "ordinary",
        words: `${name} called ${JSON.stringify(to)} (was ${JSON.stringify(Words.said(find(name)?.rename) ?? name)})`
      })),
    ...(wanted.filters === undefined || isSameFilters(current, wanted.filters) ? [] : [
      {
        // A condition that goes, or changes, may let more rows be seen.
        grade: current.every(isKept) ? "ordinary" as const : "privacy_lowering" as const,
        words: `rows where ${
          wanted.filters.map(({ field, operator, values }) => `${field} ${operator} ${values.join(" | ")}`)
            .join(" and ") || "anything holds"
        } (was ${current.map(shownFilter).join(" and ") || "all rows"})`
      }
    ])
  ]
}

const checked = (dataset: CleanRoomDataset, wanted: Wanted) => {
  const mappings = dataset.datasetFieldMappings ?? []
  const has = (name: string) => mappings.some(({ fieldName }) => same(fieldName, name))
  const both = wanted.exclude.find((name) => wanted.include.some((other) => same(other, name)))
  if (both !== undefined) {
    return Effect.fail(
      new Workflow.InputInvalid({
        field: "include_fields",
        problem: `and exclude_fields both name ${JSON.stringify(Text.clean(both, 80))}`,
        advice: "Name each field once. Nothing was changed."
      })
    )
  }
  const named: ReadonlyArray<readonly [string, ReadonlyArray<string>]> = [
    ["exclude_fields", wanted.exclude],
    ["include_fields", wanted.include],
    ["rename", Object.keys(wanted.rename)],
    ["filters", (wanted.filters ?? []).map(({ field }) => field)]
  ]
  const stranger = named.flatMap(([field, names]) => names.filter((name) => !has(name)).map((name) => [field, name]))[0]
  return stranger === undefined
    ? Effect.void
    : Effect.fail(unknownField(stranger[0] ?? "", stranger[1] ?? "", mappings))
}

const isIn = (names: ReadonlyArray<string>, name: string | undefined) => names.some((one) => same(name, one))

const payload = (dataset: CleanRoomDataset, wanted: Wanted) => ({
  datasetFieldMappings: (dataset.datasetFieldMappings ?? []).map((mapping) => ({
    ...mapping,
    fieldName: mapping.fieldName ?? "",
    isExcluded: isIn(wanted.exclude, mapping.fieldName)
      ? true
      : isIn(wanted.include, mapping.fieldName)
      ? false
      : mapping.isExcluded ?? false,
    rename: Object.entries(wanted.rename).find(([name]) => same(mapping.fieldName, name))?.[1] ?? mapping.rename ?? ""
  })),
  datasetFilters: wanted.filters === undefined
    ? filtersOf(dataset).map((filter) => ({
      ...filter,
      datasetFieldName: filter.datasetFieldName ?? "",
      operator: filterOperator(filter.operator),
      values: filter.values ?? []
    }))
    : wanted.filters.map(({ field, operator, values }) => ({
      datasetFieldName: (dataset.datasetFieldMappings ?? []).find(({ fieldName }) => same(fieldName, field))
        ?.fieldName ?? field,
      operator,
      values
    }))
})

const operators = ["EQUALS", "NOT_EQUALS", "IN", "NOT_IN"] as const

const filterOperator = (operator: string | undefined) => operators.find((one) => one === operator) ?? "" as const

/**
 * The changes that give a dataset the wanted access. Letting more be seen lowers a protection. Fails with
 * {@link Workflow.InputInvalid} where a field is named that the dataset does not have.
 *
 * @since 0.1.0
 * @category constructors
 */
export const setting = Effect.fnUntraced(function*(
  cleanRoom: Known<CleanRoom>,
  dataset: Known<CleanRoomDataset>,
  wanted: Wanted
) {
  yield* checked(dataset, wanted)
  const path = { cleanroomId: cleanRoom.id, datasetId: dataset.id }
  const read = Effect.flatMap(HabuClient, (habu) => habu.getCleanroomDatasetById({ path }))
  const name = Words.title(dataset)
  const found = differences(dataset, wanted)
  const words = found.map((difference) => difference.words).join("; ")
  const view: ReadonlyArray<Plan.Change<HabuClient>> = found.length === 0 ? [] : [{
    step: `fields and rows of ${name}`,
    grade: found.some(({ grade }) => grade !== "ordinary") ? "privacy_lowering" : "ordinary",
    preview: `fields and rows of ${name} in ${Words.title(cleanRoom)}: ${words}`,
    shown: Effect.map(read, (now) => differences(now, wanted).length === 0),
    write: Effect.gen(function*() {
      const habu = yield* HabuClient
      yield* Effect.provideService(
        habu.updateCleanroomDatasetById({ path, payload: payload(dataset, wanted) }),
        ChangeNote,
        {
          before: {
            excluded: (dataset.datasetFieldMappings ?? []).filter(({ isExcluded }) => isExcluded)
              .map(({ fieldName }) => fieldName),
            filters: filtersOf(dataset).map(shownFilter)
          },
          after: words
        }
      )
      return words
    })
  }]
  const { partnerCanAssign } = wanted
  const step = `whether partners may assign ${name}`
  const assignment: ReadonlyArray<Plan.Change<HabuClient>> =
    partnerCanAssign === undefined || partnerCanAssign === (dataset.partnerCanAssign ?? false) ? [] : [{
      step,
      grade: partnerCanAssign ? "privacy_lowering" : "ordinary",
      preview: `${step} in ${Words.title(cleanRoom)}: from ${dataset.partnerCanAssign ?? false} to ${partnerCanAssign}`,
      shown: Effect.map(read, (now) => (now.partnerCanAssign ?? false) === partnerCanAssign),
      write: Effect.flatMap(HabuClient, (habu) =>
        Effect.provideService(
          habu.updateCleanroomDatasetPartnerAssignment({
            path: { cleanroomId: cleanRoom.id },
            payload: [{ datasetId: dataset.id, partnerCanAssign }]
          }),
          ChangeNote,
          { before: dataset.partnerCanAssign ?? false, after: partnerCanAssign }
        )).pipe(
          Effect.flatMap(Plan.confirmed("updateCleanroomDatasetPartnerAssignment")),
          Effect.asVoid
        )
    }]
  return [...view, ...assignment]
})
