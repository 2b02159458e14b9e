/**
 * Walks the contract in a sandbox that keeps to it, operation by operation.
 */
import { cleanRooms } from "./cleanRooms.js"
import { partners, users } from "./people.js"
import { cleanRoomQuestions, questions } from "./questions.js"
import { questionRuns, schedules } from "./runs.js"
import { walk } from "./Walk.js"

walk("clean rooms", cleanRooms)
walk("users", users)
walk("partners", partners)
walk("clean room questions", cleanRoomQuestions)
walk("questions", questions)
walk("question runs", questionRuns)
walk("schedules", schedules)
