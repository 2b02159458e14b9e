/**
 * Bringing people, datasets and questions into a clean room: what is there already is left as it is, what cannot be
 * seen is not tried.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import type { DataConnectionResponse } from "../../habu/api/DataConnections.js"
import type { CleanRoomRole } from "../../habu/api/Users.js"
import { HabuClient } from "../../habu/HabuClient.js"
import { type Known, known, type Named, pages, resolve } from "../../habu/HabuDirectory.js"
import type { HabuError, ReferenceError } from "../../habu/HabuError.js"
import { connectionState } from "../find/DataConnections.js"
import * as Plan from "../Plan.js"
import type { Source } from "../question/Sources.js"
import type { WatchList } from "../WatchList.js"
import * as Words from "../Words.js"
import * as Workflow from "../Workflow.js"
import * as Contents from "./Contents.js"
import * as Inviting from "./Inviting.js"

/**
 * The clean room, which may be yet to come.
 *
 * @since 0.1.0
 * @category models
 */
export interface Place {
  readonly title: string
  /** Stands for it in what is remembered of writes. */
  readonly key: string
  readonly id: Effect.Effect<string, HabuError | ReferenceError>
  readonly contents: Contents.Contents
  /** The steps that must come first. */
  readonly needs: ReadonlyArray<string>
  readonly isNew: boolean
}

/**
 * What is to be done for one kind of thing, and what is so already or cannot be done.
 *
 * @since 0.1.0
 * @category models
 */
export interface Part {
  readonly changes: ReadonlyArray<Plan.Change<HabuClient | WatchList>>
  readonly settled: ReadonlyArray<Plan.Step>
  readonly warnings: ReadonlyArray<string>
}

const part = (
  all: ReadonlyArray<Plan.Change<HabuClient | WatchList> | Plan.Step>,
  warnings: ReadonlyArray<string> = []
): Part => ({
  changes: all.filter((one) => "write" in one),
  settled: all.filter((one) => "result" in one),
  warnings
})

/**
 * Invites partners, each address once.
 *
 * @since 0.1.0
 * @category constructors
 */
export const partners = (place: Place, emails: ReadonlyArray<string>, note: string | undefined): Effect.Effect<Part> =>
  Effect.succeed(part(emails.map((email) => {
    const step = Inviting.step(email)
    const [blocked] = Contents.blocked(step, [place.contents.invitations])
    if (blocked !== undefined) return blocked
    const standing = Inviting.standing(email, place.contents)
    switch (standing._tag) {
      case "Joined":
        return Plan.already(step, "This partner has joined already.")
      case "Waiting":
        return Plan.already(
          step,
          `Invited already, on ${Words.moment(standing.invitation.timeAudit?.createdAt) ?? "a day Habu does not tell"}.`
        )
      case "Declined":
        return Plan.already(step, "Declined an invitation before; manage_cleanroom_lifecycle can invite again.")
      default:
        return Inviting.change({
          email,
          note,
          cleanRoom: place.title,
          cleanRoomId: place.id,
          key: place.key,
          needs: place.needs
        })
    }
  })))

interface Person extends Named {
  readonly email: string
}

const peopleOf = Effect.flatMap(
  HabuClient,
  (habu) =>
    Effect.map(
      pages((urlParams) => habu.getAllOrganizationUsers({ urlParams })),
      (all) =>
        all.flatMap(({ user }): ReadonlyArray<Person> => {
          const { email, id, name } = user ?? {}
          return email === undefined ? [] : [{ ...Workflow.compact({ id, name }), displayId: email, email }]
        })
    )
)

const roleOf = (role: string, roles: ReadonlyArray<CleanRoomRole>) =>
  Effect.suspend(() => {
    const found = roles.find(({ id, name }) => Contents.same(name, role) || Contents.same(id, role))
    return found?.id === undefined || found.name === undefined
      ? Effect.fail(
        new Workflow.InputInvalid({
          field: "users",
          problem: `gives the role ${JSON.stringify(Words.said(role, 60) ?? "")}, which this clean room does not have`,
          options: roles.flatMap(({ name }) => Words.said(name, 60) ?? []),
          advice: "Give one of its roles; new ones are made in Habu's UI."
        })
      )
      : Effect.succeed({ id: found.id, name: found.name })
  })

const userChange = Effect.fnUntraced(function*(place: Place, person: Person, role: string) {
  const { contents, id, key, needs } = place
  const email = Words.said(person.email, 254) ?? ""
  if (!place.isNew && contents.roles._tag === "Answered") yield* roleOf(role, contents.roles.value)
  const step = `let ${email} in as ${Words.said(role, 60) ?? ""}`
  const [blocked] = Contents.blocked(step, [contents.users])
  if (blocked !== undefined) return blocked
  const member = Contents.items(contents.users).find(({ user }) => Contents.same(user?.email, person.email))
  if (member !== undefined && Contents.same(member.role?.name, role)) return Plan.already(step)
  return {
    step,
    grade: "ordinary",
    preview: member === undefined
      ? step
      : `${step}, who is ${Words.said(member.role?.name, 60) ?? "in another role"} now`,
    needs,
    makes: `user/${key}/${email.toLowerCase()}/${role.trim().toLowerCase()}`,
    write: Effect.gen(function*() {
      const habu = yield* HabuClient
      const cleanroomId = yield* id
      const wanted = yield* roleOf(role, yield* Contents.part(cleanroomId, "roles"))
      if (member?.id === undefined) {
        yield* habu.addCleanroomUser({ path: { cleanroomId }, payload: { email: person.email, role: wanted.name } })
      } else {
        yield* habu.updateCleanroomUserRole({
          path: { cleanroomId, cleanroomUserId: member.id, cleanRoomRoleId: wanted.id }
        })
      }
    }),
    shown: Effect.gen(function*() {
      const users = yield* Contents.part(yield* id, "users")
      return users.some(({ role: has, user }) =>
        Contents.same(user?.email, person.email) && Contents.same(has?.name, role)
      )
    })
  } satisfies Plan.Change<HabuClient>
})

const emailLike = /^[^@\s]+@[^@\s]+$/

/**
 * Lets the organisation's own people in, or gives those who are in another role (operations `addCleanroomUser`,
 * `updateCleanroomUserRole`).
 *
 * @since 0.1.0
 * @category constructors
 */
export const users = Effect.fnUntraced(function*(place: Place, wanted: { readonly [person: string]: string }) {
  const entries = Object.entries(wanted)
  if (entries.length === 0) return part([])
  const people = yield* peopleOf.pipe(
    Effect.catchTag(
      "Forbidden",
      () =>
        Effect.succeed(
          entries.flatMap(([reference]): ReadonlyArray<Person> =>
            emailLike.test(reference.trim()) ? [{ displayId: reference.trim(), email: reference.trim() }] : []
          )
        )
    )
  )
  return part(
    yield* Effect.forEach(
      entries,
      ([reference, role]) =>
        Effect.flatMap(resolve<Person>("user", reference, people), (person) => userChange(place, person, role))
    )
  )
})

/**
 * The organisation's data connections by what people call them, each once (operation `getAllDataConnections`).
 *
 * @since 0.1.0
 * @category getters
 */
export const connections = Effect.fnUntraced(function*(references: ReadonlyArray<string>) {
  if (references.length === 0) return []
  const habu = yield* HabuClient
  const all = known(yield* habu.getAllDataConnections({}))
  const found = yield* Effect.forEach(
    references.filter((reference) => reference.trim() !== ""),
    (reference) => resolve("data connection", reference, all)
  )
  return [...new Set(found)]
})

const isUsable = (connection: DataConnectionResponse) => {
  const { state } = connectionState(connection)
  return state === undefined || /complete|ready/i.test(state)
}

const datasetChange =
  (place: Place, consent: boolean) =>
  (connection: Known<DataConnectionResponse>): Plan.Change<HabuClient> | Plan.Step => {
    const title = JSON.stringify(Words.said(connection.name) ?? connection.id)
    const step = `bring in the data of ${title}`
    const [blocked] = Contents.blocked(step, [place.contents.datasets])
    if (blocked !== undefined) return blocked
    const isSame = ({ dataConnectionId }: { readonly dataConnectionId?: string }) => dataConnectionId === connection.id
    if (Contents.items(place.contents.datasets).some(isSame)) return Plan.already(step)
    if (!isUsable(connection)) {
      const { meaning, next, state } = connectionState(connection)
      return {
        step,
        result: "failed",
        detail: `Nothing was sent: the data connection is ${state}. ${meaning} ${next ?? ""}`.trim(),
        code: "NOT_READY"
      }
    }
    return {
      step,
      grade: consent ? "contractual" : "ordinary",
      preview: consent
        ? `${step} and attest, as a legal statement of your organisation, that RampID may join it`
        : step,
      needs: place.needs,
      makes: `dataset/${place.key}/${connection.id}`,
      write: Effect.gen(function*() {
        const habu = yield* HabuClient
        yield* habu.configureCleanroomDataset({
          path: { cleanroomId: yield* place.id },
          urlParams: { dataConnectionId: connection.id },
          payload: { rampIDConsent: consent }
        })
        return `RampID consent: ${consent ? "given" : "not given"}.`
      }),
      shown: Effect.map(
        Effect.flatMap(place.id, (id) => Contents.part(id, "datasets")),
        (datasets) => datasets.some(isSame)
      )
    }
  }

/**
 * Brings data connections in as datasets (operation `configureCleanroomDataset`); no operation takes one out again.
 *
 * @since 0.1.0
 * @category constructors
 */
export const datasets = Effect.fnUntraced(function*(place: Place, references: ReadonlyArray<string>, consent: boolean) {
  const all = (yield* connections(references)).map(datasetChange(place, consent))
  const isThere = all.some((one) => "result" in one && one.result === "skipped")
  return part(
    all,
    consent && isThere
      ? ["RampID consent was not set on datasets that were there already: Habu does not show what holds for them."]
      : []
  )
})

/**
 * Adds questions (operation `addCleanroomQuestion`).
 *
 * @since 0.1.0
 * @category constructors
 */
export const questions = (place: Place, sources: ReadonlyArray<Source>): Effect.Effect<Part> =>
  Effect.succeed(part(sources.map(({ here, questionId, title }) => {
    const step = `add the question ${JSON.stringify(title)}`
    if (here !== undefined) return Plan.already(step, `It is there as ${Words.title(here.question)}.`)
    const [blocked] = Contents.blocked(step, [place.contents.questions])
    if (blocked !== undefined) return blocked
    const isSame = (question: { readonly questionId?: string }) => question.questionId === questionId
    if (Contents.items(place.contents.questions).some(isSame)) return Plan.already(step)
    return {
      step,
      grade: "ordinary",
      needs: place.needs,
      makes: `question/${place.key}/${questionId}`,
      write: Effect.gen(function*() {
        const habu = yield* HabuClient
        const added = yield* habu.addCleanroomQuestion({
          path: { cleanroomId: yield* place.id },
          urlParams: { questionId }
        })
        return Words.said(added.displayId)
      }),
      shown: Effect.map(
        Effect.flatMap(place.id, (id) => Contents.part(id, "questions")),
        (all) => all.some(isSame)
      )
    }
  })))
