/* What people read of each notice, and of the relay itself. */
#ifndef RELAY_WORDS_DEF_H
#define RELAY_WORDS_DEF_H

/* W(notice, severity that the broker tells it with, what it is, what the reader does next), the last two in Vietnamese and English. */
#define RELAY_WORDS(W)                                                                                                 \
    W(ASSIGNED, NOTICE, "Giao việc mới", "New task", "Tiếp nhận nhiệm vụ, hoặc trao đổi lại với cơ quan giao.",        \
      "Accept the task, or take it up with the agency that gave it.")                                                  \
    W(ACCEPTED, INFO, "Đã tiếp nhận", "Accepted", "Không phải làm gì thêm.", "Nothing is asked of you.")               \
    W(STARTED, INFO, "Bắt đầu thực hiện", "Work begun", "Không phải làm gì thêm.", "Nothing is asked of you.")         \
    W(REPORTED, INFO, "Báo cáo tiến độ", "Progress report", "Xem báo cáo; có ý kiến nếu cần.",                         \
      "Read the report; comment if you need to.")                                                                      \
    W(SUBMITTED, NOTICE, "Trình kết quả", "Work submitted",                                                            \
      "Cơ quan giao xem xét: xác nhận hoàn thành, hoặc trả lại kèm lý do.",                                            \
      "The agency that gave it decides: confirm, or send it back with the reason.")                                    \
    W(CONFIRMED, INFO, "Xác nhận hoàn thành", "Confirmed as done", "Không phải làm gì thêm.",                          \
      "Nothing is asked of you.")                                                                                      \
    W(REJECTED, NOTICE, "Không chấp nhận kết quả", "Sent back", "Chủ trì sửa theo lý do nêu trên và trình lại.",       \
      "The lead mends what the reason names, and submits again.")                                                      \
    W(SUSPENDED, NOTICE, "Tạm dừng", "Suspended", "Chờ cơ quan giao cho tiếp tục.",                                    \
      "Wait until the agency that gave it resumes it.")                                                                \
    W(RESUMED, NOTICE, "Tiếp tục", "Resumed", "Tiếp tục thực hiện; xem lại thời hạn.",                                 \
      "Go on with the work; look at its due date.")                                                                    \
    W(REASSIGNED, NOTICE, "Giao lại", "Reassigned", "Chủ trì mới tiếp nhận nhiệm vụ.",                                 \
      "The new lead accepts the task.")                                                                                \
    W(AMENDED, NOTICE, "Sửa đổi", "Amended", "Xem nội dung và thời hạn mới.",                                          \
      "Look at what is asked now, and by when.")                                                                       \
    W(CANCELLED, NOTICE, "Đã hủy", "Withdrawn", "Dừng thực hiện.", "Stop the work.")                                   \
    W(COMMENTED, INFO, "Có ý kiến trao đổi", "Comment", "Xem và trả lời nếu được hỏi.",                                \
      "Read it, and answer if you are asked.")                                                                         \
    W(REMINDER, NOTICE, "Nhắc việc sắp đến hạn", "Reminder",                                                           \
      "Hoàn thành và trình trước hạn, hoặc đề nghị gia hạn ngay.",                                                     \
      "Finish and submit in time, or ask for an extension now.")                                                       \
    W(OVERDUE, WARNING, "Quá hạn", "Overdue", "Trình kết quả ngay, hoặc báo cáo lý do và ngày hoàn thành.",            \
      "Submit at once, or report why not and by when.")                                                                \
    W(ESCALATED, CRITICAL, "Báo cáo vượt cấp", "Escalation",                                                           \
      "Ghi nhận và chỉ đạo xử lý; chưa ghi nhận thì sẽ báo lên cấp trên nữa.",                                         \
      "Acknowledge it and see to it; unanswered, it goes higher.")                                                     \
    W(ACKNOWLEDGED, INFO, "Đã ghi nhận báo cáo vượt cấp", "Escalation acknowledged", "Theo dõi việc xử lý.",           \
      "See what comes of it.")                                                                                         \
    W(RESTORED, WARNING, "Kho dữ liệu được khôi phục", "Store restored", "Kiểm tra lại những việc vừa làm gần đây.",   \
      "Check what you did of late: it may not be there.")                                                              \
    W(ADMINISTRATOR, WARNING, "Cấp khóa quản trị", "Administrator's key",                                              \
      "Nếu không biết việc này, báo ngay người quản trị.", "If you know nothing of it, call the administrator.")       \
    W(DUE_MOVED, NOTICE, "Dời hạn theo lịch", "Due date moved", "Xem thời hạn mới.", "Look at the new due date.")      \
    W(REMOVED, NOTICE, "Đưa ra khỏi nhiệm vụ", "Taken off", "Không phải làm gì thêm với nhiệm vụ này.",                \
      "Nothing more is asked of you on this task.")                                                                    \
    W(ASKED, NOTICE, "Đề nghị của chủ trì", "Request of the lead",                                                     \
      "Nơi quyết định xem xét: chấp thuận, hoặc từ chối kèm lý do.",                                                   \
      "Whoever has to decide grants it, or denies it with the reason.")                                                \
    W(GRANTED, NOTICE, "Chấp thuận đề nghị", "Request granted", "Xem thời hạn và chủ trì hiện nay.",                   \
      "Look at who leads the task now, and by when it is due.")                                                        \
    W(DENIED, NOTICE, "Không chấp thuận đề nghị", "Request denied", "Chủ trì tiếp tục thực hiện như cũ.",              \
      "The lead goes on as before.")                                                                                   \
    W(TAKEN_BACK, INFO, "Rút đề nghị", "Request taken back", "Không phải làm gì thêm.", "Nothing is asked of you.")    \
    W(ANSWERED, NOTICE, "Trả lời kiến nghị", "Recommendation answered", "Xem nội dung trả lời.", "Read the answer.") \
    W(HOT_SPOT, CRITICAL, "Điểm nóng", "Hot spot", "Chỉ đạo xử lý các nhiệm vụ quá hạn, chưa được ghi nhận ở đây.",    \
      "See to the tasks here that are late, or escalated without an acknowledgement.")                                 \
    W(HOT_SPOT_CLEARED, NOTICE, "Hết điểm nóng", "Hot spot cleared", "Không phải làm gì thêm.",                        \
      "Nothing more is asked of you.") \
    W(CONSULTED, NOTICE, "Lấy ý kiến", "Opinions asked for", "Cơ quan được hỏi cho ý kiến trước hạn.", "Whoever is asked gives its opinion by the date.") \
    W(OPINED, NOTICE, "Cho ý kiến", "Opinion given", "Xem ý kiến.", "Read the opinion.")

/* A(name in the object, in Vietnamese, in English): what the relay tells of itself. `%s` is of what. */
#define RELAY_ALARMS(A)                                                                                                \
    A("broker_gone", "Mất kết nối với máy chủ điều phối", "The broker is gone")                                        \
    A("broker_back", "Đã kết nối lại với máy chủ điều phối", "The broker is back")                                     \
    A("receiver_gone", "Kênh gửi không hoạt động: %s", "A receiver does not take deliveries: %s")                      \
    A("receiver_back", "Kênh gửi đã hoạt động trở lại: %s", "A receiver takes deliveries again: %s")

#endif
