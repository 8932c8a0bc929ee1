/* What people read of each notice, and of the relay itself. */
#ifndef RELAY_WORDS_DEF_H
#define RELAY_WORDS_DEF_H

/* W(notice, severity that the broker tells it with, what it is, why it comes, what the reader does next): in Vietnamese and English, but
 * why in Vietnamese alone, as the broker's own sentence is English. `%s` there is the agency that did it. */
#define RELAY_WORDS(W)                                                                                                 \
    W(ASSIGNED, NOTICE, "Giao việc mới", "New task", "%s giao nhiệm vụ này.",                                          \
      "Tiếp nhận nhiệm vụ, hoặc trao đổi lại với cơ quan giao.",                                                       \
      "Accept the task, or take it up with the agency that gave it.")                                                  \
    W(ACCEPTED, INFO, "Đã tiếp nhận", "Accepted", "%s đã tiếp nhận nhiệm vụ.", "Không phải làm gì thêm.",              \
      "Nothing is asked of you.")                                                                                      \
    W(STARTED, INFO, "Bắt đầu thực hiện", "Work begun", "%s đã bắt đầu thực hiện.", "Không phải làm gì thêm.",         \
      "Nothing is asked of you.")                                                                                      \
    W(REPORTED, INFO, "Báo cáo tiến độ", "Progress report", "%s đã báo cáo tiến độ.",                                  \
      "Xem báo cáo; có ý kiến nếu cần.", "Read the report; comment if you need to.")                                   \
    W(SUBMITTED, NOTICE, "Trình kết quả", "Work submitted", "%s đã trình kết quả.",                                    \
      "Cơ quan giao xem xét: xác nhận hoàn thành, hoặc trả lại kèm lý do.",                                            \
      "The agency that gave it decides: confirm, or send it back with the reason.")                                    \
    W(CONFIRMED, INFO, "Xác nhận hoàn thành", "Confirmed as done", "%s xác nhận nhiệm vụ đã hoàn thành.",              \
      "Không phải làm gì thêm.", "Nothing is asked of you.")                                                           \
    W(REJECTED, NOTICE, "Không chấp nhận kết quả", "Sent back", "%s trả lại kết quả đã trình.",                        \
      "Chủ trì sửa theo lý do nêu trên và trình lại.", "The lead mends what the reason names, and submits again.")     \
    W(SUSPENDED, NOTICE, "Tạm dừng", "Suspended", "%s cho tạm dừng nhiệm vụ.",                                         \
      "Chờ cơ quan giao cho tiếp tục, hoặc hết ngày tạm dừng.",                                                        \
      "Wait until the agency that gave it resumes it, or the suspension is over.")                                     \
    W(RESUMED, NOTICE, "Tiếp tục", "Resumed", "%s cho nhiệm vụ tiếp tục.", "Tiếp tục thực hiện; xem lại thời hạn.",    \
      "Go on with the work; look at its due date.")                                                                    \
    W(REASSIGNED, NOTICE, "Giao lại", "Reassigned", "%s giao nhiệm vụ cho chủ trì khác.",                              \
      "Chủ trì mới tiếp nhận nhiệm vụ.", "The new lead accepts the task.")                                             \
    W(AMENDED, NOTICE, "Sửa đổi", "Amended", "%s sửa đổi nhiệm vụ.", "Xem nội dung và thời hạn mới.",                  \
      "Look at what is asked now, and by when.")                                                                       \
    W(CANCELLED, NOTICE, "Đã hủy", "Withdrawn", "%s hủy nhiệm vụ.", "Dừng thực hiện.", "Stop the work.")               \
    W(COMMENTED, INFO, "Có ý kiến trao đổi", "Comment", "%s có ý kiến trao đổi về nhiệm vụ.",                          \
      "Xem và trả lời nếu được hỏi.", "Read it, and answer if you are asked.")                                         \
    W(REMINDER, NOTICE, "Nhắc việc sắp đến hạn", "Reminder", "Sắp hết hạn.",                                           \
      "Hoàn thành và trình trước hạn, hoặc đề nghị gia hạn ngay.",                                                     \
      "Finish and submit in time, or ask for an extension now.")                                                       \
    W(OVERDUE, WARNING, "Quá hạn", "Overdue", "Đã quá hạn.",                                                           \
      "Trình kết quả ngay, hoặc báo cáo lý do và ngày hoàn thành.", "Submit at once, or report why not and by when.")  \
    W(ESCALATED, CRITICAL, "Báo cáo vượt cấp", "Escalation", "%s báo cáo vượt cấp.",                                   \
      "Ghi nhận và chỉ đạo xử lý; chưa ghi nhận thì sẽ báo lên cấp trên nữa.",                                         \
      "Acknowledge it and see to it; unanswered, it goes higher.")                                                     \
    W(ACKNOWLEDGED, INFO, "Đã ghi nhận báo cáo vượt cấp", "Escalation acknowledged",                                   \
      "%s đã ghi nhận báo cáo vượt cấp.", "Theo dõi việc xử lý.", "See what comes of it.")                             \
    W(RESTORED, WARNING, "Kho dữ liệu được khôi phục", "Store restored",                                               \
      "Kho dữ liệu đã được khôi phục từ một bản sao lưu; những gì ghi sau bản sao lưu đó không còn.",                  \
      "Kiểm tra lại những việc vừa làm gần đây.", "Check what you did of late: it may not be there.")                  \
    W(ADMINISTRATOR, WARNING, "Cấp khóa quản trị", "Administrator's key",                                              \
      "Trên máy chủ điều phối đã cấp một khóa có quyền quản trị.",                                                     \
      "Nếu không biết việc này, báo ngay người quản trị.", "If you know nothing of it, call the administrator.")       \
    W(DUE_MOVED, NOTICE, "Dời hạn theo lịch", "Due date moved",                                                        \
      "Lịch làm việc đã thay đổi nên thời hạn được tính lại.", "Xem thời hạn mới.", "Look at the new due date.")        \
    W(REMOVED, NOTICE, "Đưa ra khỏi nhiệm vụ", "Taken off", "%s đưa quý cơ quan ra khỏi nhiệm vụ.",                        \
      "Không phải làm gì thêm với nhiệm vụ này.", "Nothing more is asked of you on this task.")                        \
    W(ASKED, NOTICE, "Đề nghị của chủ trì", "Request of the lead", "%s có đề nghị chờ quyết định.",                    \
      "Nơi quyết định xem xét: chấp thuận, hoặc từ chối kèm lý do.",                                                   \
      "Whoever has to decide grants it, or denies it with the reason.")                                                \
    W(GRANTED, NOTICE, "Chấp thuận đề nghị", "Request granted", "%s chấp thuận đề nghị của chủ trì.",                  \
      "Xem thời hạn và chủ trì hiện nay.", "Look at who leads the task now, and by when it is due.")                   \
    W(DENIED, NOTICE, "Không chấp thuận đề nghị", "Request denied", "%s không chấp thuận đề nghị của chủ trì.",        \
      "Chủ trì tiếp tục thực hiện như cũ.", "The lead goes on as before.")                                             \
    W(TAKEN_BACK, INFO, "Rút đề nghị", "Request taken back", "%s rút đề nghị.", "Không phải làm gì thêm.",             \
      "Nothing is asked of you.")                                                                                      \
    W(ANSWERED, NOTICE, "Trả lời kiến nghị", "Recommendation answered", "%s đã trả lời kiến nghị.",                    \
      "Xem nội dung trả lời.", "Read the answer.")                                                                     \
    W(HOT_SPOT, CRITICAL, "Điểm nóng", "Hot spot",                                                                     \
      "Số nhiệm vụ quá hạn, hoặc bị báo cáo vượt cấp mà chưa được ghi nhận, đã đến mức điểm nóng.",                    \
      "Chỉ đạo xử lý các nhiệm vụ quá hạn, chưa được ghi nhận ở đây.",                                                 \
      "See to the tasks here that are late, or escalated without an acknowledgement.")                                 \
    W(HOT_SPOT_CLEARED, NOTICE, "Hết điểm nóng", "Hot spot cleared",                                                   \
      "Số nhiệm vụ quá hạn, hoặc bị báo cáo vượt cấp mà chưa được ghi nhận, đã xuống dưới mức điểm nóng.",             \
      "Không phải làm gì thêm.", "Nothing more is asked of you.")                                                      \
    W(CONSULTED, NOTICE, "Lấy ý kiến", "Opinions asked for", "%s lấy ý kiến.",                                         \
      "Cơ quan được hỏi cho ý kiến trước hạn.", "Whoever is asked gives its opinion by the date.")                     \
    W(OPINED, NOTICE, "Cho ý kiến", "Opinion given", "%s đã cho ý kiến.", "Xem ý kiến.", "Read the opinion.")

/* Where one notice is told on several occasions, and reads otherwise on each: the first that holds.
 * O(CONSTANT, when it holds: is_… of occasion.c, notice, what it is, why it comes, what the reader does next), the words as above. */
#define RELAY_OCCASIONS(O)                                                                                             \
    O(NOT_MADE, of_no_task, CANCELLED, "Không giao được nhiệm vụ định kỳ", "A recurring task could not be made",       \
      "Đến kỳ mà không giao được nhiệm vụ.",                                                                           \
      "Sửa lại lịch giao việc, hoặc giao nhiệm vụ của kỳ này trực tiếp.",                     \
      "Put the schedule right, or give this period's task by hand.")                          \
    O(ENDED_WITH_DOCUMENT, with_document, CANCELLED, "Hủy theo văn bản thay thế", "Withdrawn with its document",       \
      "Văn bản giao nhiệm vụ này đã được thay thế, và %s cho kết thúc nhiệm vụ cùng văn bản cũ.", "Dừng thực hiện.",   \
      "Stop the work.")                                                                                                \
    O(MOVED_WITH_DOCUMENT, with_document, AMENDED, "Chuyển sang văn bản thay thế", "Moved to another document",        \
      "Văn bản giao nhiệm vụ này đã được thay thế; nhiệm vụ nay thuộc văn bản nêu trên.",                              \
      "Tiếp tục thực hiện, theo văn bản mới.", "Go on with the work, by the new document.")                            \
    O(HEIR_EXCLUDED, of_no_task, REASSIGNED, "Cơ quan chủ trì kết thúc hoạt động", "A lead's agency ends",             \
      "Cơ quan kế tục bị loại trừ khỏi một số nhiệm vụ của quý cơ quan, nên quý cơ quan tự chủ trì các nhiệm vụ đó.",  \
      "Giao các nhiệm vụ đó cho cơ quan khác.", "Give these tasks to another lead.")                                   \
    O(STAND_IN, of_agency, ASSIGNED, "Thay mặt cơ quan khác", "Standing in for an agency",                             \
      "%s cho cơ quan nêu dưới đây làm thay trong thời gian này; những gì làm thay đều ghi tên cả hai cơ quan.",        \
      "Cơ quan làm thay theo dõi và xử lý công việc trong thời gian này.",                                             \
      "Whoever stands in sees to the work in these days.")                                                             \
    O(STAND_IN_OVER, of_agency, REMOVED, "Thôi thay mặt cơ quan khác", "Standing in no more",                          \
      "%s cho thôi việc làm thay.", "Cơ quan tự xử lý công việc của mình như trước.",                                  \
      "The agency sees to its own work again.")                                                                        \
    O(RAN_ON, by_itself, RESUMED, "Tiếp tục", "Resumed", "Đã hết ngày tạm dừng.",                                      \
      "Tiếp tục thực hiện; xem lại thời hạn.", "Go on with the work; look at its due date.")                           \
    O(CIRCULAR, circular, ASSIGNED, "Thông báo để đọc", "Circular to read", "%s gửi thông báo này.",                   \
      "Đọc, rồi tiếp nhận để xác nhận đã đọc.", "Read it, then accept it to say that you did.")                        \
    O(RECOMMENDATION, recommendation, ASSIGNED, "Kiến nghị mới", "New recommendation", "%s gửi kiến nghị này.",        \
      "Trả lời kiến nghị trước hạn.", "Answer the recommendation by its due date.")                                    \
    O(RECURRING, recurring, ASSIGNED, "Giao việc định kỳ", "Recurring task",                                           \
      "Đến kỳ của một nhiệm vụ định kỳ mà cơ quan giao đã đặt.",                                                       \
      "Tiếp nhận nhiệm vụ, hoặc trao đổi lại với cơ quan giao.",                                                       \
      "Accept the task, or take it up with the agency that gave it.")                                                  \
    O(WAS_READ, circular, ACCEPTED, "Đã đọc thông báo", "Circular read", "%s xác nhận đã đọc.",                        \
      "Không phải làm gì thêm.", "Nothing is asked of you.")                                                           \
    O(VALUE_TOLD, of_value, REPORTED, "Số liệu chỉ tiêu", "Value of a target", \
      "%s đã báo cáo số liệu của chỉ tiêu.", "Xem số liệu; có ý kiến nếu cần.", \
      "Look at the value; comment if you need to.") \
    O(ACCEPT_SOON, acceptance, REMINDER, "Nhắc tiếp nhận", "Reminder to accept",                                       \
      "Sắp hết hạn tiếp nhận mà chủ trì chưa tiếp nhận.",                                                              \
      "Tiếp nhận nhiệm vụ trước hạn, hoặc trao đổi lại với cơ quan giao.",                                             \
      "Accept the task in time, or take it up with the agency that gave it.")                                          \
    O(VALUE_SOON, value_owed, REMINDER, "Nhắc báo cáo số liệu", "Reminder to report a value", \
      "Sắp hết hạn báo cáo số liệu của kỳ này mà chủ trì chưa báo cáo.", "Báo cáo số liệu của kỳ này trong hạn.", \
      "Report the value of this period in time.") \
    O(REPORT_SOON, report, REMINDER, "Nhắc báo cáo", "Reminder to report",                                             \
      "Sắp hết hạn báo cáo mà chủ trì chưa báo cáo.", "Báo cáo tiến độ trước hạn.", "Report progress in time.")        \
    O(DECIDE_SOON, decision, REMINDER, "Nhắc quyết định", "Reminder to decide",                                        \
      "Sắp hết hạn quyết định mà đề nghị của chủ trì chưa được quyết định.",                                           \
      "Nơi quyết định xem xét: chấp thuận, hoặc từ chối kèm lý do.",                                                   \
      "Whoever has to decide grants it, or denies it with the reason.")                                                \
    O(ANSWER_SOON, answer, REMINDER, "Nhắc trả lời kiến nghị", "Reminder to answer",                                   \
      "Sắp hết hạn mà kiến nghị chưa được trả lời.", "Trả lời kiến nghị trước hạn.",                                   \
      "Answer the recommendation in time.")                                                                            \
    O(FINISH_SOON, finish, REMINDER, "Nhắc việc sắp đến hạn", "Reminder",                                              \
      "Sắp hết hạn hoàn thành mà chủ trì chưa trình kết quả.",                                                         \
      "Hoàn thành và trình trước hạn, hoặc đề nghị gia hạn ngay.",                                                     \
      "Finish and submit in time, or ask for an extension now.")                                                       \
    O(UNANSWERED, of_question, OVERDUE, "Quá hạn chưa cho ý kiến", "No opinion came", "Cơ quan được hỏi quá hạn chưa cho ý kiến.", \
      "Chủ trì có thể làm tiếp không cần ý kiến này; ý kiến gửi trễ vẫn được nhận.",                                  \
      "The lead may go on without it; an opinion that comes late is taken all the same.")                              \
    O(ACCEPT_LATE, acceptance, OVERDUE, "Quá hạn tiếp nhận", "Not accepted in time",                                   \
      "Đã quá hạn tiếp nhận mà chủ trì chưa tiếp nhận.",                                                               \
      "Chủ trì tiếp nhận ngay, hoặc trao đổi lại với cơ quan giao.",                                                   \
      "The lead accepts the task at once, or takes it up with the agency that gave it.")                               \
    O(VALUE_LATE, value_missing, OVERDUE, "Quá hạn báo cáo số liệu", "Value overdue", \
      "Đã quá hạn báo cáo mà chủ trì chưa báo cáo số liệu của kỳ này.", "Báo cáo số liệu của kỳ này ngay.", \
      "Report the value of this period at once.") \
    O(REPORT_LATE, report, OVERDUE, "Quá hạn báo cáo", "Report overdue",                                               \
      "Đã quá hạn báo cáo mà chủ trì chưa báo cáo.", "Chủ trì báo cáo ngay.", "The lead reports at once.")             \
    O(DECIDE_LATE, decision, OVERDUE, "Quá hạn quyết định", "Decision overdue",                                        \
      "Đã quá hạn quyết định mà đề nghị của chủ trì chưa được quyết định.",                                            \
      "Nơi quyết định xem xét ngay: chấp thuận, hoặc từ chối kèm lý do.",                                              \
      "Whoever has to decide grants it, or denies it with the reason, at once.")                                       \
    O(ANSWER_LATE, answer, OVERDUE, "Quá hạn trả lời kiến nghị", "Answer overdue",                                     \
      "Đã quá hạn mà kiến nghị chưa được trả lời.", "Trả lời kiến nghị ngay.", "Answer the recommendation at once.")   \
    O(FINISH_LATE, finish, OVERDUE, "Quá hạn", "Overdue",                                                              \
      "Đã quá hạn hoàn thành mà chủ trì chưa trình kết quả.",                                                          \
      "Trình kết quả ngay, hoặc báo cáo lý do và ngày hoàn thành.", "Submit at once, or report why not and by when.")  \
    O(HELD_UP_HERE, held_up_here, ESCALATED, "Báo cáo vượt cấp", "Escalation", "%s báo cáo vượt cấp.",                 \
      "Nhiệm vụ quá hạn này đang chờ quý cơ quan: xử lý ngay phần việc đó.",                                           \
      "This task is overdue and waits for you: see to your part of it at once.")                                       \
    O(ESCALATED_TO_OTHERS, escalated_to_others, ESCALATED, "Báo cáo vượt cấp", "Escalation",                           \
      "%s báo cáo vượt cấp.",                                                                                          \
      "Chủ trì xử lý ngay. Việc ghi nhận là của nơi nhận báo cáo vượt cấp.",                                           \
      "The lead sees to it at once. Those whom it was escalated to acknowledge it.")                                   \
    O(QUESTION_MOVED, of_question, DUE_MOVED, "Dời hạn cho ý kiến theo lịch", "Date for opinions moved",               \
      "Lịch làm việc đã thay đổi nên hạn cho ý kiến được tính lại.", "Xem hạn cho ý kiến mới.",                        \
      "Look at the new date.")                                                                                         \
    O(HANDED_ON, handed_on, ASKED, "Chuyển nơi quyết định đề nghị", "Request handed on",                               \
      "Nơi quyết định trước không còn quyết định được đề nghị này.",                                                   \
      "Nơi quyết định mới xem xét: chấp thuận, hoặc từ chối kèm lý do.",                                               \
      "Whoever has to decide now grants it, or denies it with the reason.")                                            \
    O(UNDECIDED, handed_on, DENIED, "Đề nghị kết thúc, không được quyết định", "Request ended undecided",              \
      "Không còn cơ quan nào quyết định được đề nghị này.", "Chủ trì tiếp tục thực hiện như cũ.",                      \
      "The lead goes on as before.")                                                                                   \
    O(RECALLED, recalled, TAKEN_BACK, "Rút nội dung lấy ý kiến", "Question taken back",                                \
      "%s rút nội dung lấy ý kiến.", "Không phải cho ý kiến nữa.", "No opinion is owed any more.")                     \
    O(NOT_OWED_HERE, not_owed_here, TAKEN_BACK, "Không còn phải cho ý kiến", "Opinion owed no more", \
      "Quý cơ quan không còn được cho ý kiến về nhiệm vụ này.", "Quý cơ quan không phải cho ý kiến nữa.", \
      "You owe no opinion any more.") \
    O(NOT_OWED, of_question, TAKEN_BACK, "Không còn phải cho ý kiến", "Opinion owed no more",                          \
      "Cơ quan được hỏi không còn được cho ý kiến về nhiệm vụ này.", "Chủ trì làm tiếp, không chờ ý kiến này.",        \
      "The lead goes on without it.")                                                                                  \
    O(RULE_REMOVED, rule_removed, HOT_SPOT_CLEARED, "Bỏ tiêu chí điểm nóng", "Rule of a hot spot removed",             \
      "%s đã bỏ tiêu chí mà theo đó đây là điểm nóng.", "Không phải làm gì thêm.", "Nothing more is asked of you.")    \
    O(RULE_CHANGED, rule_changed, HOT_SPOT_CLEARED, "Sửa tiêu chí điểm nóng", "Rule of a hot spot changed",            \
      "%s đã sửa tiêu chí mà theo đó đây là điểm nóng.",                                                               \
      "Nếu theo tiêu chí mới đây vẫn là điểm nóng, sẽ có thông báo riêng.",                                            \
      "If it is a hot spot by the new rule as well, you will be told.")

/* C(field of a task's content, what it is called for people), of an amendment. */
#define RELAY_CONTENTS(C)                                                                                              \
    C(kind, "loại nhiệm vụ", "kind")                                                                                   \
    C(title, "tên nhiệm vụ", "title")                                                                                  \
    C(description, "nội dung chi tiết", "description")                                                                 \
    C(document, "văn bản", "document")                                                                                 \
    C(paragraph, "mục của văn bản", "paragraph")                                                                       \
    C(cooperating, "cơ quan phối hợp", "cooperating agencies")                                                         \
    C(supervisor, "cơ quan giám sát", "supervisor")                                                                    \
    C(observers, "cơ quan theo dõi", "observers")                                                                      \
    C(priority, "mức ưu tiên", "priority")                                                                             \
    C(area, "lĩnh vực", "area")                                                                                        \
    C(tags, "từ khóa", "tags")                                                                                         \
    C(target, "chỉ tiêu", "target")                                                                                    \
    C(unit, "đơn vị tính", "unit")                                                                                     \
    C(parent, "nhiệm vụ cha", "the task that it is a part of")                                                         \
    C(scope, "phạm vi", "who may read it")                                                                             \
    C(reporting, "kỳ báo cáo", "reports")                                                                              \
    C(due, "thời hạn", "due date")                                                                                     \
    C(excluded, "cơ quan bị loại trừ", "excluded agencies")                                                            \
    C(follows, "nhiệm vụ đi trước", "the task that it comes after")                                                    \
    C(weight, "tỷ trọng trong nhiệm vụ chung", "weight in its whole")                                                  \
    C(waits_for, "nhiệm vụ phải chờ", "tasks that it waits for")                                                       \
    C(paragraphs, "các mục của văn bản", "paragraphs")                                                                 \
    C(indicator, "cách tính chỉ tiêu", "how the target is measured")                                                   \
    C(plan, "kế hoạch theo kỳ", "plan by period")

/* A(name in the object, in Vietnamese, in English): what the relay tells of itself. `%s` is of what. */
#define RELAY_ALARMS(A)                                                                                                \
    A("broker_gone", "Mất kết nối với máy chủ điều phối", "The broker is gone")                                        \
    A("broker_back", "Đã kết nối lại với máy chủ điều phối", "The broker is back")                                     \
    A("receiver_gone", "Kênh gửi không hoạt động: %s", "A receiver does not take deliveries: %s")                      \
    A("receiver_back", "Kênh gửi đã hoạt động trở lại: %s", "A receiver takes deliveries again: %s")

#endif
