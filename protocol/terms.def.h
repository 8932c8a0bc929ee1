/* Every word that crosses the wire as one of a closed set.
 *
 * A vocabulary is a row of TERM_VOCABULARIES and a list of terms. A term is
 *   T(CONSTANT, number, "wire name", "Vietnamese name", "one sentence")
 * The wire carries the name; the number is in memory, in bit masks (1 << number) and in the journal (compact.h), so a
 * number is never reused and stays below 32. Enumerations, name tables and the reference page are generated.
 */
#ifndef COORD_TERMS_DEF_H
#define COORD_TERMS_DEF_H

#define TERM_VOCABULARIES(V)                                                                                           \
    V(state, STATE, "trạng thái", "Where a task stands in its life.")                                                  \
    V(timeliness, TIMELINESS, "tình trạng thời hạn", "How a task stands against its completion deadline; derived.")    \
    V(action, ACTION, "hành động", "What an agency does to a task.")                                                   \
    V(kind, KIND, "loại nhiệm vụ", "What sort of task it is.")                                                         \
    V(priority, PRIORITY, "mức ưu tiên", "How pressing the assigner says a task is.")                                  \
    V(scope, SCOPE, "phạm vi", "Who may read a task.")                                                                 \
    V(role, ROLE, "vai trò", "What an agency is to one task.")                                                         \
    V(right, RIGHT, "quyền", "What one key of an agency may be used for.")                                             \
    V(deadline, DEADLINE, "thời hạn", "Which of a task's deadlines.")                                                  \
    V(unit, UNIT, "đơn vị thời gian", "How a policy counts time.")                                                     \
    V(rung, RUNG, "nấc", "What a policy step does when its time comes.")                                               \
    V(catchup, CATCHUP, "xử lý bù", "What becomes of a rung when it is late, or others are due with it.")              \
    V(period, PERIOD, "kỳ báo cáo", "How often the lead owes a report.")                                               \
    V(severity, SEVERITY, "mức độ", "How loudly a notification should ring.")                                          \
    V(tasking, TASKING, "quyền giao việc", "Whom an agency may give tasks to.")                                        \
    V(proof, PROOF, "yêu cầu minh chứng", "Whether a submission brings proof of the work.")                            \
    V(clearable, CLEARABLE, "nội dung bỏ được", "What an amendment can take away of a task's `content`, by the names there.")  \
    V(asking, ASKING, "loại đề nghị", "What the lead of a task asks of its assigner.")                                 \
    V(answering, ANSWERING, "kết quả trả lời", "What a recommendation was answered with.")                             \
    V(settlement, SETTLEMENT, "kết quả đề nghị", "What became of a request of the lead.")                                    \
    V(opining, OPINING, "tình trạng lấy ý kiến", "What became of an opinion that the lead asked an agency for.")       \
    V(charge, CHARGE, "trách nhiệm đang giữ", "What an agency's clock runs for while a task waits for it.")             \
    V(record, RECORD, "loại bản ghi", "What sort of fact a record states.")                                            \
    V(notice, NOTICE, "loại thông báo", "What a notification tells.")                                                  \
    V(ending, ENDING, "lý do đóng luồng", "Why the broker ended a stream.")                                            \
    V(document_kind, PAPER, "loại văn bản", "What sort of document it is.")                                    \
    V(force, FORCE, "hiệu lực", "Whether a document holds.")                                                           \
    V(better, BETTER, "chiều tốt lên", "Which values of an indicator are the better ones.")                            \
    V(counting, COUNTING, "cách tính giá trị", "What a value of an indicator says of its period.") \
    V(broker_role, BROKER_ROLE, "vai trò máy chủ", "What a broker does beside others of the same store.")

#define TERM_STATE(T)                                                                                                  \
    T(ASSIGNED, 1, "assigned", "đã giao", "Given to its lead, not yet accepted.")                                      \
    T(ACCEPTED, 2, "accepted", "đã tiếp nhận", "The lead has taken it on.")                                            \
    T(IN_PROGRESS, 3, "in_progress", "đang thực hiện", "The lead is working on it.")                                   \
    T(SUBMITTED, 4, "submitted", "đã trình", "The lead says it is done; the assigner has yet to confirm.")             \
    T(COMPLETED, 5, "completed", "hoàn thành", "Confirmed as done; closed.")                                           \
    T(SUSPENDED, 6, "suspended", "tạm dừng", "Stopped by the assigner, or at the request of the lead; no clock runs but that of a decision.")                                \
    T(CANCELLED, 7, "cancelled", "đã hủy", "Withdrawn by the assigner; closed.")

#define TERM_TIMELINESS(T)                                                                                             \
    T(ON_TIME, 1, "on_time", "đúng hạn", "Open with time left, or submitted no later than due.")                       \
    T(LATE, 2, "late", "trễ hạn", "Submitted or completed after its due time.")                                        \
    T(DUE_SOON, 3, "due_soon", "sắp đến hạn", "Open, and due within three working days.")                              \
    T(OVERDUE, 4, "overdue", "quá hạn", "Open, and its due time has passed.")                                          \
    T(NO_DEADLINE, 5, "no_deadline", "không thời hạn", "It has no due time, or was cancelled.")

#define TERM_ACTION(T)                                                                                                 \
    T(ASSIGN, 1, "assign", "giao", "Give a task to one lead or several.")                                              \
    T(ACCEPT, 2, "accept", "tiếp nhận", "Take it on.")                                                                 \
    T(START, 3, "start", "bắt đầu", "Begin work.")                                                                     \
    T(REPORT, 4, "report", "báo cáo", "Say how far the work is.")                                                      \
    T(SUBMIT, 5, "submit", "trình", "Say that it is done.")                                                            \
    T(CONFIRM, 6, "confirm", "xác nhận", "Agree that it is done, which closes it.")                                    \
    T(REJECT, 7, "reject", "không chấp nhận", "Send a submission back, with the reason.")                              \
    T(SUSPEND, 8, "suspend", "tạm dừng", "Stop its clocks, with the reason.")                                          \
    T(RESUME, 9, "resume", "tiếp tục", "Let its clocks run on from where they stopped.")                               \
    T(REASSIGN, 10, "reassign", "giao lại", "Give it to another lead, with the reason.")                               \
    T(AMEND, 11, "amend", "sửa đổi", "Change what is asked or by when.")                                               \
    T(CANCEL, 12, "cancel", "hủy", "Withdraw it, with the reason.")                                                    \
    T(COMMENT, 13, "comment", "trao đổi", "Say something about it.")                                                   \
    T(ESCALATE, 14, "escalate", "báo cáo vượt cấp", "Raise it to a higher agency by hand.")                            \
    T(ACKNOWLEDGE, 15, "acknowledge", "ghi nhận", "Say that an escalation has been seen and is in hand.")                                                                \
    T(ASK, 16, "ask", "đề nghị", "Ask for another date, another lead, a pause, or a submission back.")                 \
    T(GRANT, 17, "grant", "chấp thuận", "Grant what the lead asks for, as asked or otherwise.")                        \
    T(DENY, 18, "deny", "không chấp thuận", "Deny it, with the reason.")                                               \
    T(TAKE_BACK, 19, "take_back", "rút đề nghị", "Take back what one has asked for.")                                                                                   \
    T(ANSWER, 20, "answer", "trả lời", "Answer a recommendation, which closes it.")                                    \
    T(CONSULT, 21, "consult", "lấy ý kiến", "Ask agencies for an opinion by a date.")                                  \
    T(OPINE, 22, "opine", "cho ý kiến", "Give the opinion that one was asked for.")                                    \
    T(RECALL, 23, "recall", "rút nội dung lấy ý kiến", "Take back a question, so that nobody owes an opinion on it.")

#define TERM_KIND(T)                                                                                                   \
    T(DIRECTIVE, 1, "directive", "nhiệm vụ được giao", "Work that a higher agency orders.")                            \
    T(RECOMMENDATION, 2, "recommendation", "kiến nghị", "Sent upward; the lead is owed for an answer.")                \
    T(TARGET, 3, "target", "chỉ tiêu", "A figure to be reached.")                                                      \
    T(CASE, 4, "case", "vụ việc", "A complaint, denunciation or petition to be settled.")                              \
    T(INSPECTION, 5, "inspection", "kiểm tra", "An inspection or supervision to be carried out.")                      \
    T(REPORT, 6, "report", "báo cáo", "A report to be written.")                                                       \
    T(CIRCULAR, 7, "circular", "thông báo", "To be read; its lead says so by accepting it, which completes it.")

#define TERM_PRIORITY(T)                                                                                               \
    T(LOW, 1, "low", "thấp", "When there is time.")                                                                    \
    T(NORMAL, 2, "normal", "thường", "In its turn; the default.")                                                      \
    T(HIGH, 3, "high", "khẩn", "Before the others.")                                                                   \
    T(URGENT, 4, "urgent", "hỏa tốc", "At once.")

#define TERM_SCOPE(T)                                                                                                  \
    T(NORMAL, 1, "normal", "thường", "Read by those with a role and by the agencies above them.")                      \
    T(RESTRICTED, 2, "restricted", "hạn chế", "Read by those with a role, and by nobody else.")

#define TERM_ROLE(T)                                                                                                   \
    T(ASSIGNER, 1, "assigner", "cơ quan giao", "Gave the task.")                                                       \
    T(LEAD, 2, "lead", "chủ trì", "Answers for the task; exactly one.")                                                \
    T(COOPERATING, 3, "cooperating", "phối hợp", "Works along with the lead.")                                         \
    T(SUPERVISOR, 4, "supervisor", "giám sát", "Watches over the task for the assigner.")                              \
    T(OBSERVER, 5, "observer", "theo dõi", "Is kept informed.")                                                        \
    T(LEAD_SUPERIOR, 6, "lead_superior", "cấp trên của chủ trì", "Stands right above the lead in the tree.")           \
    T(ESCALATED, 7, "escalated", "nơi nhận báo cáo vượt cấp", "An escalation of the task was addressed to it.")                                                                      \
    T(DECIDER, 8, "decider", "cơ quan quyết định", "Has to decide a request of the lead that is open.")                \
    T(DECIDER_SUPERIOR, 9, "decider_superior", "cấp trên của nơi quyết định", "Stands right above the decider.")       \
    T(CONSULTED, 10, "consulted", "cơ quan được lấy ý kiến", "Owes the lead an opinion that it asked for.")

#define TERM_RIGHT(T)                                                                                                  \
    T(ACT, 1, "act", "thao tác", "Change tasks in the agency's name; includes reading.")                               \
    T(READ, 2, "read", "xem", "Read what the agency may read, and subscribe.")                                         \
    T(ADMINISTER, 3, "administer", "quản trị", "Keep agencies, keys, calendars and policies; status and backup.")

#define TERM_DEADLINE(T)                                                                                               \
    T(ACCEPTANCE, 1, "acceptance", "hạn tiếp nhận", "By when the lead must accept.")                                   \
    T(COMPLETION, 2, "completion", "hạn hoàn thành", "By when the work must be submitted.")                            \
    T(REPORT, 3, "report", "hạn báo cáo", "By when the next periodic report is owed.")                                                                           \
    T(DECISION, 4, "decision", "hạn quyết định", "By when the oldest open request of the lead is to be decided.")

#define TERM_UNIT(T)                                                                                                   \
    T(WORKING_DAYS, 1, "working_days", "ngày làm việc", "Days on which the calendar works.")                           \
    T(CALENDAR_DAYS, 2, "calendar_days", "ngày", "Every day.")                                                         \
    T(HOURS, 3, "hours", "giờ", "Hours of the clock, day and night.")                                                  \
    T(MINUTES, 4, "minutes", "phút", "Minutes of the clock.")                                                          \
    T(WORKING_HOURS, 5, "working_hours", "giờ làm việc", "Hours in which the calendar works.")

#define TERM_RUNG(T)                                                                                                   \
    T(REMIND, 1, "remind", "nhắc việc", "Remind those it names of a deadline: severity `notice`.")                     \
    T(NOTIFY, 2, "notify", "thông báo quá hạn", "Warn those it names that it has passed: severity `warning`.")         \
    T(ESCALATE, 3, "escalate", "báo cáo vượt cấp", "Open an escalation that wants an acknowledgement: `critical`.")

#define TERM_CATCHUP(T)                                                                                                \
    T(FIRE, 1, "fire", "gửi đủ", "It is told for itself, late or not, and whatever else is due.")                      \
    T(MERGE, 2, "merge", "gộp", "Of all that is due at once for a task each agency is told the highest; of decisions for themselves.")              \
    T(RECORD, 3, "record", "chỉ ghi", "As `merge`; if missed while the broker was down, only recorded.")

#define TERM_PERIOD(T)                                                                                                 \
    T(WEEKLY, 1, "weekly", "hằng tuần", "Every seven days.")                                                           \
    T(MONTHLY, 2, "monthly", "hằng tháng", "Every month.")                                                             \
    T(QUARTERLY, 3, "quarterly", "hằng quý", "Every three months.")                                                    \
    T(HALF_YEARLY, 4, "half_yearly", "sáu tháng", "Every six months.")                                                 \
    T(ANNUAL, 5, "annual", "hằng năm", "Every twelve months.")

#define TERM_SEVERITY(T)                                                                                               \
    T(INFO, 1, "info", "thông tin", "Good to know.")                                                                   \
    T(NOTICE, 2, "notice", "lưu ý", "Something is asked of the reader.")                                               \
    T(WARNING, 3, "warning", "cảnh báo", "A deadline is near or has passed.")                                          \
    T(CRITICAL, 4, "critical", "nghiêm trọng", "An escalation is open.")

#define TERM_RECORD(T)                                                                                                 \
    T(STORE, 1, "store", "khởi tạo", "The store was made, the first record; or restored, and is another from then on.") \
    T(AGENCY, 2, "agency", "cơ quan", "An agency was added or changed.")                                               \
    T(KEY, 3, "key", "khóa", "A key was added, changed or revoked.")                                                   \
    T(CALENDAR, 4, "calendar", "lịch làm việc", "A calendar was added or changed.")                                    \
    T(POLICY, 5, "policy", "chính sách", "A new version of a policy was added.")                                       \
    T(TASK, 6, "task", "nhiệm vụ", "An agency acted on a task.")                                                       \
    T(RUNG, 7, "rung", "nấc", "A rung of a task's ladder fired, or was passed over.") \
    T(CLOCK, 8, "clock", "đồng hồ", "An administrator took the broker's clock for right, which it had doubted.") \
    T(DUE_MOVED, 9, "due_moved", "dời hạn", "A due time given as a count was counted anew: its calendar has changed.") \
    T(UNCHANGED, 10, "unchanged", "không đổi", "A request changed nothing, as all was so already; it is remembered.") \
    T(SETTINGS, 11, "settings", "thiết lập", "The settings of the store were changed.") \
    T(REMOVED, 12, "removed", "đưa ra khỏi nhiệm vụ", "A change left those in `to` without the right to read a task.") \
    T(HANDED_ON, 13, "handed_on", "chuyển nơi quyết định", "A request went to another decider, as the first may not decide it any more; or ended, with nobody left.") \
    T(HOT_SPOT_RULE, 14, "hot_spot_rule", "tiêu chí điểm nóng", "A rule of hot spots was added, changed or removed.") \
    T(HOT_SPOT, 15, "hot_spot", "điểm nóng", "A hot spot was raised, or cleared.") \
    T(UNANSWERED, 16, "unanswered", "không cho ý kiến", "Opinions were not given: their date passed, or who was asked can give none.") \
    T(SCHEDULE, 17, "schedule", "nhiệm vụ định kỳ", "A schedule was set, or ended.") \
    T(PERIOD, 18, "period", "kỳ của nhiệm vụ định kỳ", "A period of a schedule began: tasks were made of it, or it was passed over, or they could not be made.") \
    T(DOCUMENT, 19, "document", "văn bản", "A document was added, changed, replaced or withdrawn.")

#define TERM_PROOF(T)                                                                                                  \
    T(OPTIONAL, 1, "optional", "không bắt buộc", "It may, or may not.")                                                \
    T(REQUIRED, 2, "required", "bắt buộc", "Without any it is refused.")

#define TERM_CLEARABLE(T)                                                                                              \
    T(DUE, 1, "due", "hạn", "Its due date: then no ladder of it runs.")                                                \
    T(PARENT, 2, "parent", "nhiệm vụ cha", "The whole that it is a part of: then it is none.")                         \
    T(REPORTING, 3, "reporting", "kỳ báo cáo", "Its reports: then none is owed.")                                      \
    T(TARGET, 4, "target", "chỉ tiêu", "The figure to be reached.")                                                    \
    T(INDICATOR, 5, "indicator", "cách đo chỉ tiêu", "How a target is measured, with its plan: of one that has no values yet.")

#define TERM_ASKING(T)                                                                                                 \
    T(EXTENSION, 1, "extension", "gia hạn", "A later due date.")                                                       \
    T(RETURN, 2, "return", "trả lại nhiệm vụ", "That the task is taken back: it is not this agency's.")                \
    T(TRANSFER, 3, "transfer", "chuyển cơ quan chủ trì", "That another agency leads it.")                              \
    T(SUSPENSION, 4, "suspension", "tạm dừng", "That its clocks stand still until a day.")                             \
    T(WITHDRAWAL, 5, "withdrawal", "rút kết quả đã trình", "That a submission made by mistake counts as not made.")

#define TERM_ANSWERING(T)                                                                                              \
    T(AGREED, 1, "agreed", "đồng ý", "It is done as was recommended.")                                                 \
    T(PARTLY, 2, "agreed_in_part", "đồng ý một phần", "Some of it is done; the answer says what.")                     \
    T(REFUSED, 3, "refused", "không đồng ý", "It is not done; the answer says why.")                                   \
    T(PASSED_ON, 4, "passed_on", "chuyển cơ quan khác", "Another agency is to decide on it.")

#define TERM_SETTLEMENT(T)                                                                                                \
    T(GRANTED, 1, "granted", "được chấp thuận", "As asked for, or otherwise.")                                         \
    T(DENIED, 2, "denied", "không được chấp thuận", "It stays as it is.")                                              \
    T(TAKEN_BACK, 3, "taken_back", "đã rút", "By the one that asked.")                                                 \
    T(ENDED, 4, "ended", "đã kết thúc", "Something else that was done has settled it; or nobody is left who may decide it.")

#define TERM_OPINING(T)                                                                                                \
    T(ASKED, 1, "asked", "đang lấy ý kiến", "It is owed, and its date lies ahead.")                                    \
    T(SILENT, 2, "silent", "quá hạn chưa cho ý kiến", "Its date has passed without it; given late, it is taken all the same.")         \
    T(GIVEN, 3, "given", "đã cho ý kiến", "It was given; with `silent`, late.")                                        \
    T(WITHDRAWN, 4, "withdrawn", "đã rút", "It is owed no more: taken back, the task closed, or who was asked may not give it.")

#define TERM_CHARGE(T)                                                                                                 \
    T(TAKING_UP, 1, "taking_up", "tiếp nhận", "The lead has yet to accept.")                                           \
    T(WORKING, 2, "working", "thực hiện", "The lead works on it.")                                                     \
    T(DECIDING, 3, "deciding", "xem xét đề nghị", "What the lead asked is to be decided.")                             \
    T(ANSWERING, 4, "answering", "trả lời kiến nghị", "The lead owes a recommendation its answer.")                    \
    T(CONFIRMING, 5, "confirming", "xác nhận kết quả", "A submission is to be confirmed or sent back.")                 \
    T(SUSPENDED, 6, "suspended", "tạm dừng", "The assigner has stopped it.")

#define TERM_TASKING(T)                                                                                                \
    T(OPEN, 1, "open", "không giới hạn", "Any agency that takes tasks.")                                               \
    T(TREE, 2, "tree", "theo cây tổ chức", "Itself, all under it, and what an administrator grants it in `may_task`.")

#define TERM_NOTICE(T)                                                                                                 \
    T(ASSIGNED, 1, "assigned", "giao việc", "A task was given; or an agency is to stand in for another.")                                                       \
    T(ACCEPTED, 2, "accepted", "tiếp nhận", "The lead accepted.")                                                      \
    T(STARTED, 3, "started", "bắt đầu", "The lead began work.")                                                        \
    T(REPORTED, 4, "reported", "báo cáo", "Progress was reported.")                                                    \
    T(SUBMITTED, 5, "submitted", "trình kết quả", "The work was submitted.")                                           \
    T(CONFIRMED, 6, "confirmed", "xác nhận hoàn thành", "The work was confirmed as done.")                             \
    T(REJECTED, 7, "rejected", "không chấp nhận", "The submission was sent back.")                                     \
    T(SUSPENDED, 8, "suspended", "tạm dừng", "The clocks were stopped.")                                               \
    T(RESUMED, 9, "resumed", "tiếp tục", "The clocks run again.")                                                      \
    T(REASSIGNED, 10, "reassigned", "giao lại", "The lead changed; or an agency ends whose successor is excluded from tasks, and whoever gave these leads them itself.")                                                   \
    T(AMENDED, 11, "amended", "sửa đổi", "What is asked, or by when, changed; or the document that it comes from was replaced.")                                        \
    T(CANCELLED, 12, "cancelled", "hủy", "The task was withdrawn; or the one that a schedule was to make could not be made.")                                                    \
    T(COMMENTED, 13, "commented", "trao đổi", "Somebody commented.")                                                   \
    T(REMINDER, 14, "reminder", "nhắc việc", "A deadline is near, or is today.")                                       \
    T(OVERDUE, 15, "overdue", "quá hạn", "A deadline has passed; or opinions did not come by their date.")                                                     \
    T(ESCALATED, 16, "escalated", "báo cáo vượt cấp", "An escalation was opened, or is repeated unanswered.")          \
    T(ACKNOWLEDGED, 17, "acknowledged", "đã ghi nhận", "An escalation was acknowledged.")                              \
    T(RESTORED, 18, "restored", "khôi phục", "The store was put back to a backup; what came after that is not here.")  \
    T(ADMINISTRATOR, 19, "administrator", "quản trị", "On its machine, the store was given a key that administers.") \
    T(DUE_MOVED, 20, "due_moved", "dời hạn", "A due time moved, because its calendar has changed.") \
    T(REMOVED, 21, "removed", "đưa ra khỏi nhiệm vụ", "The agency is on the task no more, and may not read it; or it stands in for another no more.")                                                             \
    T(ASKED, 22, "asked", "đề nghị", "The lead asks for something that is to be decided; or that goes to another decider.")                             \
    T(GRANTED, 23, "granted", "đã chấp thuận", "What the lead asked for was granted.")                                 \
    T(DENIED, 24, "denied", "không chấp thuận", "It was denied; or it ended, as nobody is left who may decide it.")                                                      \
    T(TAKEN_BACK, 25, "taken_back", "rút đề nghị", "The lead took back what it had asked for; or an opinion is owed no more by who may give none.")                                                                           \
    T(ANSWERED, 26, "answered", "trả lời kiến nghị", "A recommendation was answered.") \
    T(HOT_SPOT, 27, "hot_spot", "điểm nóng", "So many tasks of one place are late or escalated that it is a hot spot.") \
    T(HOT_SPOT_CLEARED, 28, "hot_spot_cleared", "hết điểm nóng", "It is none any more, or its rule is another now.") \
    T(CONSULTED, 29, "consulted", "lấy ý kiến", "The lead asks agencies for an opinion.")                              \
    T(OPINED, 30, "opined", "cho ý kiến", "An agency gave the opinion that it was asked for.")

#define TERM_ENDING(T)                                                                                                 \
    T(UNSUBSCRIBED, 1, "unsubscribed", "đã hủy đăng ký", "The subscriber asked for it.")                               \
    T(REPLACED, 2, "replaced", "bị thay thế", "The same consumer subscribed on another connection.")                   \
    T(KEY_REVOKED, 3, "key_revoked", "khóa bị thu hồi", "The key was revoked.")                                        \
    T(STOPPING, 4, "stopping", "đang dừng", "The broker is stopping; connect again.")                                  \
    T(KEY_EXPIRED, 5, "key_expired", "khóa hết hạn", "The key's time is over.")                                        \
    T(RIGHT_LOST, 6, "right_lost", "mất quyền đọc", "The key may no longer read.")                                     \
    T(AGENCY_CLOSED, 7, "agency_closed", "cơ quan ngừng hoạt động", "The agency's time is over.")

#define TERM_PAPER(T)                                                                                          \
    T(CONCLUSION, 1, "conclusion", "kết luận", "What a meeting or a working session concludes.")                       \
    T(PLAN, 2, "plan", "kế hoạch", "What is to be done, by whom and by when.")                                         \
    T(REPORT, 3, "report", "báo cáo", "How matters stand.")                                                            \
    T(DECISION, 4, "decision", "quyết định", "What is decided, and binds.")                                            \
    T(DISPATCH, 5, "dispatch", "công văn", "A letter from one agency to another.")                                     \
    T(RESOLUTION, 6, "resolution", "nghị quyết", "What a council, congress or committee resolves.")                    \
    T(DIRECTIVE, 7, "directive", "chỉ thị", "What a leader orders those below.")                                       \
    T(NOTICE, 8, "notice", "thông báo", "What is made known, such as what was concluded.")                             \
    T(PROGRAMME, 9, "programme", "chương trình", "Tasks for a term or a year.")                                        \
    T(SUBMISSION, 10, "submission", "tờ trình", "What is laid before a superior to be decided.")                       \
    T(GUIDANCE, 11, "guidance", "hướng dẫn", "How something is to be carried out.")                                    \
    T(MINUTES, 12, "minutes", "biên bản", "What was said and agreed.")                                                 \
    T(OTHER, 13, "other", "khác", "Another.")

#define TERM_FORCE(T)                                                                                                  \
    T(HOLDS, 1, "in_force", "còn hiệu lực", "It holds.")                                                               \
    T(REPLACED, 2, "replaced", "đã được thay thế", "Another document is in its place.")                                \
    T(WITHDRAWN, 3, "withdrawn", "đã thu hồi", "It holds no more, and nothing is in its place.")

#define TERM_BETTER(T)                                                                                                 \
    T(MORE, 1, "more", "càng cao càng tốt", "The higher ones.")                                                        \
    T(LESS, 2, "less", "càng thấp càng tốt", "The lower ones.")

#define TERM_COUNTING(T)                                                                                               \
    T(LEVEL, 1, "level", "mức đạt đến cuối kỳ", "What is reached by the end of the period, all that came before counted.")  \
    T(AMOUNT, 2, "amount", "số phát sinh trong kỳ", "What the period alone brought: the values add up.")

#define TERM_BROKER_ROLE(T)                                                                                            \
    T(LEADER, 1, "leader", "máy chính", "It does what is asked, and writes it.")                                       \
    T(FOLLOWER, 2, "follower", "máy theo", "It reads what the leader writes, answers questions from that, and leads once the leader is gone.")

#endif
