/**
 * The calls that carry out what a survey suggests.
 *
 * @since 0.1.0
 */
import type { CleanRoomQuestion } from "../../habu/api/CleanRoomQuestions.js"
import type { CleanRoom } from "../../habu/api/CleanRooms.js"
import type { DataConnectionResponse } from "../../habu/api/DataConnections.js"
import type { GetCleanroomQuestionRunScheduleResponse as Schedule } from "../../habu/api/Schedules.js"
import * as Words from "../Words.js"
import type { NextStep } from "../Workflow.js"

/**
 * Making a question READY: its datasets assigned, or whose turn it is said.
 *
 * @since 0.1.0
 * @category constructors
 */
export const makeReady = (question: CleanRoomQuestion, cleanRoom: CleanRoom): NextStep => ({
  tool: "deploy_analytics_question",
  arguments: { clean_room: Words.handle(cleanRoom), questions: [Words.handle(question)], dry_run: true },
  why: "See which datasets fit and whose turn it is; without dry_run they are assigned."
})

/**
 * Ending a schedule.
 *
 * @since 0.1.0
 * @category constructors
 */
export const endSchedule = (schedule: Schedule, question: CleanRoomQuestion): NextStep => ({
  tool: "manage_question_schedules",
  arguments: { action: "end", question: Words.handle(question), schedule: schedule.id ?? "" },
  why: "End the schedule; action change begins it again."
})

/**
 * Looking at the schedules of a question.
 *
 * @since 0.1.0
 * @category constructors
 */
export const seeSchedules = (question: CleanRoomQuestion): NextStep => ({
  tool: "manage_question_schedules",
  arguments: { question: Words.handle(question) },
  why: "See its schedules; action change or end goes on from there."
})

/**
 * Better spacing of all schedules.
 *
 * @since 0.1.0
 * @category constants
 */
export const optimiseSchedules: NextStep = {
  tool: "manage_question_schedules",
  arguments: { action: "optimise" },
  why: "See a better spacing; nothing is changed."
}

/**
 * Opening a clean room that has ended.
 *
 * @since 0.1.0
 * @category constructors
 */
export const reopen = (cleanRoom: CleanRoom): NextStep => ({
  tool: "manage_cleanroom_lifecycle",
  arguments: { clean_room: Words.handle(cleanRoom), action: "reopen", dry_run: true },
  why: "See what opening it again needs; nothing is changed."
})

/**
 * Why a question's runs fail.
 *
 * @since 0.1.0
 * @category constructors
 */
export const diagnose = (question: CleanRoomQuestion): NextStep => ({
  tool: "troubleshoot_issues",
  arguments: { question: Words.handle(question) },
  why: "Find the cause, and what mends it."
})

/**
 * The runs of a question.
 *
 * @since 0.1.0
 * @category constructors
 */
export const seeRuns = (question: CleanRoomQuestion): NextStep => ({
  tool: "find_resources",
  arguments: { kind: "runs", question: Words.handle(question) },
  why: "See its runs."
})

/**
 * The partners and invitations of a clean room.
 *
 * @since 0.1.0
 * @category constructors
 */
export const seePartners = (cleanRoom: CleanRoom): NextStep => ({
  tool: "onboard_partner",
  arguments: { clean_room: Words.handle(cleanRoom), action: "track" },
  why: "See how far each invitation is and what it needs."
})

/**
 * The datasets of a clean room.
 *
 * @since 0.1.0
 * @category constructors
 */
export const seeDatasets = (cleanRoom: CleanRoom): NextStep => ({
  tool: "find_resources",
  arguments: { kind: "datasets", clean_room: Words.handle(cleanRoom) },
  why: "See its datasets."
})

/**
 * A data connection and what to do about it.
 *
 * @since 0.1.0
 * @category constructors
 */
export const seeConnection = ({ name = "" }: DataConnectionResponse): NextStep => ({
  tool: "manage_data_integration",
  arguments: { action: "diagnose", connection: Words.said(name, 100) ?? "" },
  why: "Find what is wrong with the data connection, and mend it."
})

/**
 * A closer look at one clean room.
 *
 * @since 0.1.0
 * @category constructors
 */
export const lookAt = (cleanRoom: CleanRoom): NextStep => ({
  tool: "monitor_cleanroom_status",
  arguments: { clean_room: Words.handle(cleanRoom) },
  why: `See all of ${Words.title(cleanRoom)}.`
})
