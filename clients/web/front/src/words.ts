/* The pages' words, Vietnamese and English side by side, so that neither can be without the other. `{name}` is filled in; `{n|day|days}` with
 * the word for one, or for several. */
import { REFUSALS } from './refusals';
import { store } from './store';

export type Language = 'vi' | 'en';

const WORDS = {
  // the frame
  product: ['Điều phối nhiệm vụ liên cơ quan', 'Inter-agency task coordination'],
  skip: ['Đến nội dung chính', 'Skip to content'],
  menu: ['Trình đơn chính', 'Main menu'],
  stood_in: ['{who} làm thay', 'by {who}, standing in'], in_name_of: ['Làm thay {who}', 'In the name of {who}'], in_own_name: ['Dưới tên mình', 'In your own name'],
  inbox: ['Hộp việc', 'Inbox'], tasks: ['Nhiệm vụ', 'Tasks'], overview: ['Tổng quan', 'Overview'],
  escalations: ['Vượt cấp', 'Escalations'], report_page: ['Báo cáo', 'Report'], wall: ['Màn hình lớn', 'Wall screen'],
  assign_task: ['Giao nhiệm vụ', 'Assign a task'],
  account: ['Tài khoản', 'Account'], sign_out: ['Đăng xuất', 'Sign out'],
  other_language: ['English', 'Tiếng Việt'],
  theme_light: ['Nền sáng', 'Light'], theme_dark: ['Nền tối', 'Dark'], theme_system: ['Theo máy', 'As the system'], theme: ['Giao diện', 'Theme'],
  read_only: ['chỉ xem', 'read only'],
  loading: ['Đang tải…', 'Loading…'], nothing: ['Không có gì.', 'Nothing.'], again: ['Thử lại', 'Try again'],
  not_found: ['Không có trang này.', 'There is no such page.'], close: ['Đóng', 'Close'],
  // the connection
  broker_lost: ['Mất kết nối với máy chủ điều phối. Số liệu là của lúc trước; thao tác gửi lúc này sẽ được giữ và tự gửi một lần khi có lại kết nối.',
    'The connection to the broker is lost. What is shown is from before; what you send now is kept, and sent once when it is back.'],
  server_lost: ['Mất kết nối mạng. Số liệu là của lúc trước; thao tác gửi lúc này sẽ được giữ và tự gửi một lần khi có lại kết nối.',
    'You are offline. What is shown is from before; what you send now is kept, and sent once when the connection is back.'],
  waiting_one: ['Đang chờ gửi: {what}', 'Waiting to be sent: {what}'],
  sent_later: ['Đã gửi: {what}', 'Sent: {what}'], failed_later: ['Không gửi được: {what}. {why}', 'Not sent: {what}. {why}'],
  live: ['Trực tiếp', 'Live'], live_off: ['Mất kết nối', 'Disconnected'], news: ['Tin mới: {what}', 'News: {what}'],
  // signing in
  sign_in: ['Đăng nhập', 'Sign in'], user: ['Tên đăng nhập', 'User name'], password: ['Mật khẩu', 'Password'],
  code: ['Mã xác thực (6 chữ số)', 'Authentication code (6 digits)'],
  sign_in_refused: ['Tên đăng nhập hoặc mật khẩu không đúng.', 'The user name or the password is wrong.'],
  code_needed: ['Nhập mã trong ứng dụng xác thực của bạn.', 'Enter the code of your authenticator.'],
  code_refused: ['Mã không đúng hoặc đã hết hạn.', 'The code is wrong or too old.'],
  locked: ['Đăng nhập sai quá nhiều lần. Thử lại sau {minutes} phút.', 'Too many failed sign-ins. Try again in {minutes} min.'],
  sign_in_help: ['Quên mật khẩu hoặc chưa có tài khoản: hỏi quản trị viên, họ cấp được liên kết đăng nhập dùng một lần.',
    'No account, or the password forgotten: ask the administrator, who can make a link for one sign-in.'],
  link_refused: ['Liên kết đăng nhập đã dùng hoặc hết hạn. Hỏi quản trị viên để có liên kết mới.', 'The link was used, or is too old. Ask the administrator for another.'],
  acknowledge_link: ['Liên kết trong thư không đúng hoặc đã quá hạn. Dưới đây là nhiệm vụ; việc ghi nhận, nếu còn chờ, làm ngay tại trang này.', 'The link of the mail is not right, or too old. Here is the task: what is still to be acknowledged can be acknowledged on this page.'],
  acknowledge_none: ['{agency} không còn báo cáo vượt cấp nào chờ ghi nhận ở nhiệm vụ này.', 'No escalation of this task waits to be acknowledged by {agency}.'],
  acknowledge_for: ['Báo cáo được gửi tới {agency}.', 'It was sent to {agency}.'],
  // the account
  password_change: ['Đổi mật khẩu', 'Change the password'], password_old: ['Mật khẩu hiện tại', 'Password now'], password_new: ['Mật khẩu mới (ít nhất {n} ký tự)', 'New password (at least {n} characters)'], password_twice: ['Nhập lại mật khẩu mới', 'The new one again'],
  password_differs: ['Hai lần nhập khác nhau.', 'The two are not the same.'], password_set: ['Đã đổi mật khẩu; các phiên khác đã kết thúc.', 'The password is changed; other sessions have ended.'],
  calendar_feed: ['Lịch hạn công việc', 'Calendar of due dates'], calendar_help: ['Đưa địa chỉ này vào Outlook, Google Calendar hoặc điện thoại để thấy hạn của các nhiệm vụ. Ai có địa chỉ đều xem được; tạo địa chỉ mới thì địa chỉ cũ hết hiệu lực.',
    'Give this address to Outlook, Google Calendar or a telephone to see when tasks are due. Whoever has it may read; a new one ends the old.'],
  calendar_address: ['Địa chỉ lịch (.ics)', 'Address of the calendar (.ics)'], calendar_make: ['Tạo địa chỉ mới', 'Make a new address'],
  // standing in for an agency
  stand_in: ['Làm thay', 'Standing in'], stand_in_help: ['Khi cơ quan vắng, cơ quan khác có thể làm thay từ ngày đến ngày: nhận mọi thông báo gửi cơ quan này và xử lý công việc dưới tên cơ quan này; hồ sơ ghi tên cả hai. Tài khoản của cơ quan vẫn dùng như thường.',
    'For an absence, another agency may stand in from a day to a day: it hears what this agency hears and acts in its name; the records name both. The accounts of this agency go on as before.'],
  stand_in_by: ['Cơ quan làm thay', 'Who stands in'], stand_in_whom: ['Cơ quan vắng', 'Who is absent'],
  stand_in_above: ['Cơ quan cấp trên của cả hai bên, hoặc quản trị viên, đặt người làm thay.', 'An agency above both, or an administrator, says who stands in.'], stands_in_under: ['{by} làm thay {who} từ {from} đến hết {until}.', '{by} stands in for {who} from {from} to the end of {until}.'], stand_in_from: ['Từ ngày (để trống: từ hôm nay)', 'From (empty: from today)'], stand_in_until: ['Đến hết ngày', 'To the end of'], stand_in_set: ['Cho làm thay', 'Have it stand in'], stand_in_end: ['Thôi làm thay', 'End it'],
  stood_in_now: ['{who} làm thay từ {from} đến hết {until}.', '{who} stands in from {from} to the end of {until}.'], stands_in_now: ['Cơ quan này làm thay {who} từ {from} đến hết {until}.', 'This agency stands in for {who} from {from} to the end of {until}.'],
  stand_in_done: ['Đã ghi nhận việc làm thay.', 'The stand-in is set.'], stand_in_ended: ['Đã thôi việc làm thay.', 'The stand-in is ended.'], decides_later: ['Quyết định được khi {by} thôi làm thay {who}', 'Can be decided when {by} stands in for {who} no more'],
  // inbox
  to_acknowledge: ['Báo cáo vượt cấp chờ ghi nhận', 'Escalations to acknowledge'],
  to_grant: ['Đề nghị chờ quyết định', 'Requests to decide'], to_reply: ['Kiến nghị chờ trả lời', 'Recommendations to answer'],
  to_accept: ['Chờ tiếp nhận', 'To accept'], to_decide: ['Kết quả chờ xác nhận', 'Submissions to decide'],
  to_answer: ['Trao đổi chờ trả lời', 'Comments to answer'], to_work: ['Đang thực hiện', 'To carry out and report'],
  inbox_empty: ['Không có việc nào chờ cơ quan.', 'Nothing waits for this agency.'],
  shown_first: ['Hiện {n} việc đầu tiên.', 'The first {n} are shown.'],
  waits_for: ['Đã đề nghị {what}; chờ {who} quyết định', 'You asked for {what}; {who} has to decide'],
  sent_back: ['Bị trả lại: {why}', 'Sent back: {why}'], unanswered: ['{n} trao đổi chưa trả lời', '{n} unanswered'],
  report_owed: ['Báo cáo kỳ: {day}', 'Report due {day}'], accept_by: ['Tiếp nhận chậm nhất hết ngày {day}', 'Accept by {day}'],
  submitted_on: ['Trình ngày {day}', 'Submitted {day}'], level: ['Cấp {n}', 'Level {n}'],
  // a task
  reference: ['Ký hiệu', 'Reference'], title: ['Nội dung', 'Title'], assigner: ['Cơ quan giao', 'Assigner'], lead: ['Chủ trì', 'Lead'],
  due: ['Hạn', 'Due'], state: ['Trạng thái', 'State'], how: ['Thời hạn', 'Timeliness'], progress: ['Tiến độ', 'Progress'],
  no_due: ['Không có hạn', 'No deadline'], original_due: ['Hạn ban đầu', 'First due'],
  assigned_on: ['Ngày giao', 'Assigned'], submitted_at: ['Trình kết quả', 'Submitted'],
  closed_at: ['Kết thúc', 'Closed'], document: ['Văn bản', 'Document'], paragraph: ['Mục', 'Paragraph'], area: ['Lĩnh vực', 'Area'],
  tags: ['Từ khóa', 'Tags'], kind: ['Loại', 'Kind'], priority: ['Mức độ', 'Priority'], scope: ['Phạm vi', 'Scope'], policy: ['Chính sách', 'Policy'],
  reporting: ['Kỳ báo cáo', 'Reporting'], target: ['Chỉ tiêu', 'Target'], reached: ['Đạt được', 'Reached'], description: ['Mô tả', 'Description'],
  succeeds: ['kế tục {who} từ {day}', 'succeeds {who} since {day}'],
  whole: ['Thuộc nhiệm vụ', 'Part of'], parts: ['Nhiệm vụ thành phần', 'Parts'],
  parts_progress: ['Tiến độ các phần', 'Progress of its parts'], open_parts: ['còn {n} phần chưa xong', '{n} open'], weight: ['Tỷ trọng trong nhiệm vụ chung', 'Weight in its whole'],
  people: ['Cơ quan tham gia', 'Agencies'], files: ['Minh chứng', 'Evidence'], no_files: ['Chưa có minh chứng.', 'No evidence yet.'],
  no_copy: ['Tệp do cơ quan giữ', 'Kept by the agency'], history: ['Diễn biến', 'History'], older: ['Xem trước đó', 'Show earlier'],
  life: ['Dòng thời gian', 'Line of life'], clock_now: ['Hiện tại', 'Now'], moved_from: ['hạn cũ', 'was due'],
  why_date: ['Vì sao là ngày này', 'Why this date'],
  all_ahead: ['Xem cả {n} mốc', 'All {n}'], no_ahead: ['Không có mốc nào phía trước.', 'Nothing lies ahead.'], acts: ['Thao tác', 'Actions'], more_acts: ['Thao tác khác', 'More actions'],
  no_acts: ['Cơ quan không có thao tác nào ở trạng thái này.', 'Your agency has nothing to do in this state.'],
  days_left: ['còn {n} ngày làm việc', '{n|working day|working days} left'], days_late: ['quá {n} ngày làm việc', '{n|working day|working days} late'], due_today: ['hết hạn hôm nay', 'due today'],
  requests: ['Đề nghị của chủ trì', 'Requests of the lead'], answer_of: ['Trả lời kiến nghị', 'Answer'], follows: ['Tiếp theo nhiệm vụ', 'Comes after'],
  asked_on: ['{who} đề nghị {when}', 'asked by {who}, {when}'], decide_by: ['{who} quyết định, chậm nhất hết ngày {day}', '{who} decides by the end of {day}'], decides: ['{who} quyết định', '{who} decides'],
  request_ended: ['{what}, {who} {when}', '{what}, {who}, {when}'], granted_as: ['cho {what}', 'given: {what}'],
  w_extension: ['gia hạn đến {day}', 'an extension to {day}'], w_transfer: ['chuyển chủ trì cho {who}', 'a transfer to {who}'], w_return: ['trả lại nhiệm vụ', 'to return the task'], w_return_to: ['trả lại nhiệm vụ, nên giao {who}', 'to return the task, for {who} to have'],
  w_suspension: ['tạm dừng đến hết {day}', 'a suspension until the end of {day}'], w_suspension_open: ['tạm dừng', 'a suspension'], w_withdrawal: ['rút kết quả đã trình', 'to have the submission back'], w_due: ['hạn {day}', 'due {day}'],
  passed_on_to: ['chuyển {who}', 'to {who}'], recommend_to: ['Kiến nghị tới {who}', 'Recommend it to {who}'], recommend_again: ['Kiến nghị lại', 'Recommend it anew'], assign_after: ['Giao nhiệm vụ tiếp theo', 'Assign what comes after'],
  last_words: ['Ý kiến gần nhất', 'Last said'], rejection: ['Lý do trả lại', 'Why it was sent back'], open_escalations: ['Báo cáo vượt cấp đang mở', 'Open escalations'],
  ack_by: ['{who} ghi nhận {when}', '{who} acknowledged {when}'], open_since: ['mở từ {when}', 'open since {when}'], sent_to: ['Gửi {who}', 'To {who}'], sent_to_none: ['Không gửi cho ai', 'Sent to nobody'],
  counted_as: ['tính {words} từ', 'counted as {words} from'], version: ['lần sửa {n}', 'version {n}'],
  document_moved: ['Chuyển theo văn bản thay thế', 'Moved with its document'], document_ended: ['Kết thúc cùng văn bản đã được thay thế', 'Ended with its document'], document_now: ['nay thuộc {what}', 'of {what} now'],
  opinion_by: ['cho ý kiến chậm nhất hết ngày {day}', 'opinions by the end of {day}'], no_opinion: ['Quá hạn chưa cho ý kiến', 'No opinion came'], owed_no_more: ['Không còn phải cho ý kiến', 'Opinion owed no more'],
  // its dates and its ladder
  dates: ['Thời hạn, và vì sao', 'Dates, and why'], d_completion: ['Hạn hoàn thành', 'Due'], d_answer: ['Hạn trả lời', 'To be answered by'], d_acceptance: ['Hạn tiếp nhận', 'To be accepted by'], d_report: ['Hạn báo cáo', 'Report due'], d_decision: ['Hạn quyết định đề nghị', 'Request to be decided by'],
  d_decision_on: ['Hạn quyết định đề nghị {what}', 'To be decided: {what}, by'], d_question: ['Hạn cho ý kiến', 'Opinions owed by'], d_suspension: ['Tạm dừng đến hết', 'Suspended until the end of'], counted_periods: ['báo cáo {words}, tính từ {from}', 'reports {words}, counted from {from}'],
  round_of: ['vòng nhắc thứ {n}, tính từ {from}', 'round {n} of its ladder, since {from}'], stands_still: ['đồng hồ đang dừng', 'its clock stands still'], waits_its_turn: ['chờ quyết định đề nghị trước', 'waits for the request before it'], accepted_then: ['đã tiếp nhận', 'accepted'], at_request: ['theo đề nghị của {who}: {what}', '{who} asked for {what}'], stood_still: ['Đồng hồ đã dừng', 'Its clocks stood still'],
  stood_until: ['đến {until}, {long} làm việc', 'until {until}: {long} of working time'], older_moves: ['Xem các lần đổi hạn trước đó', 'Earlier changes'], older_fired: ['Xem các lần gửi trước đó', 'What it did before'],
  ladder: ['Các nấc nhắc việc và báo cáo vượt cấp', 'Reminders and escalations'], no_ladder: ['Nhiệm vụ không theo chính sách nào.', 'No policy reminds of it.'], coming: ['Sắp tới', 'To come'], fired: ['Đã gửi', 'Sent'], step_of: ['Nấc {n}', 'Step {n}'],
  fired_times: ['{n} lần cho hạn hiện nay', '{n|time|times} for the date of now'], sent_along: ['Không gửi riêng', 'Not told by itself'], fired_before: ['cho hạn trước', 'for a date of before'], was_to_be: ['lẽ ra {when}', 'was to be {when}'], never_fired: ['{n} nấc không gửi, với tình trạng hiện nay', '{n|step does|steps do} not come, as things stand'],
  // forms
  note: ['Ghi chú', 'Note'], reason: ['Lý do', 'Reason'], comment: ['Nội dung trao đổi', 'Comment'], percent: ['Hoàn thành (%)', 'Done (%)'],
  value: ['Kết quả đạt được', 'Figure reached'], value_of_period: ['Số liệu của kỳ', 'Value of the period'], value_period: ['Kỳ', 'Period'], numerator: ['Tử số', 'Numerator'], denominator: ['Mẫu số (tỷ lệ tính trên {per})', 'Denominator (of so many to each {per})'],
  values: ['Số liệu theo kỳ', 'Values by period'], value_missing: ['Thiếu số liệu kỳ {period}', 'The value of {period} is missing'], values_missing: ['Thiếu số liệu các kỳ: {periods}', 'Values are missing of {periods}'], and_before: [' và {n} kỳ trước đó', ' and {n} before'], value_owed: ['Số liệu kỳ {period}: chậm nhất hết ngày {day}', 'Value of {period} due {day}'], value_told: ['Số liệu kỳ {period}: {n}', 'Value of {period}: {n}'], value_was: ['trước là {n}', 'it was {n}'],
  value_is_missing: ['thiếu số liệu', 'missing'], value_is_owed: ['đến kỳ báo cáo', 'owed'], value_now: ['hiện là {n}; báo cáo lại là sửa', '{n} by now; reported again, it is corrected'], value_none: ['chưa có số liệu', 'no value yet'],
  new_lead: ['Cơ quan chủ trì mới', 'New lead'], new_due: ['Hạn mới', 'New due date'],
  due_day: ['Ngày', 'Day'], due_count: ['Tính từ hôm nay', 'Count from today'], due_none: ['Theo chính sách', 'By the policy'], unit_wd: ['ngày làm việc', 'working days'], unit_d: ['ngày', 'days'], unit_wh: ['giờ làm việc', 'working hours'],
  count_wd: ['{n} ngày làm việc', '{n|working day|working days}'], count_d: ['{n} ngày', '{n|day|days}'], count_wh: ['{n} giờ làm việc', '{n|working hour|working hours}'],
  escalate_to: ['Gửi cơ quan', 'To'], escalate_level: ['Cấp', 'Level'], which_escalation: ['Báo cáo vượt cấp', 'Escalation'],
  asking: ['Đề nghị', 'Ask for'], which_request: ['Đề nghị nào', 'Which request'], asked_due: ['Đề nghị hạn mới', 'Due date asked for'], granted_due: ['Hạn', 'Due date'], until: ['Dừng đến hết ngày', 'Until the end of'], until_resumed: ['Đến khi cho tiếp tục', 'Until it is resumed'],
  as_asked: ['Như đề nghị: {what}', 'As asked: {what}'], asked_lead: ['Chuyển cho cơ quan', 'Transfer to'], better_lead: ['Cơ quan nên chủ trì, nếu biết', 'Who should have it, if you know'], granted_lead: ['Giao cơ quan khác (để trống: {who})', 'Another lead (empty: {who})'],
  answer: ['Kết quả trả lời', 'Answer'], answer_words: ['Nội dung trả lời', 'The answer at length'], passed_to: ['Chuyển tới cơ quan', 'Passed on to'], choose: ['Chọn…', 'Choose…'],
  attach: ['Đính kèm tệp', 'Attach files'], attach_more: ['Thêm tệp', 'Add files'], remove: ['Bỏ', 'Remove'], uploading: ['Đang tải lên {name}…', 'Uploading {name}…'],
  too_large: ['{name} lớn quá {limit}.', '{name} is larger than {limit}.'], upload_failed: ['Không tải lên được {name}.', '{name} could not be uploaded.'],
  missed_accept: ['chậm tiếp nhận', 'late to accept'], missed_report: ['chậm báo cáo', 'late to report'], missed_due: ['quá hạn hoàn thành', 'overdue'], passed_about: ['chuyển qua nhiều cơ quan', 'passed on too often'],
  gone_again: ['Tệp đã tải lên quá một ngày trước mà chưa gửi nên đã bị xóa, hãy đính kèm lại: {names}.', 'Uploaded more than a day ago and not sent, so removed; attach again: {names}.'],
  required: ['bắt buộc', 'required'], fill_in: ['Cần điền mục này.', 'This is needed.'],
  will_happen: ['Khi gửi', 'What will happen'], cancel: ['Thôi', 'Cancel'], sending: ['Đang gửi…', 'Sending…'],
  waits_for_link: ['Đang chờ kết nối; sẽ tự gửi một lần.', 'Waiting for the connection; it will be sent once.'],
  draft_restored: ['Bản nháp chưa gửi được giữ lại.', 'An unsent draft was kept.'], draft_drop: ['Bỏ bản nháp', 'Discard'],
  done: ['Đã {what}: {reference}', 'Done: {what} {reference}'],
  as_officer: ['Ghi tên: {officer}, {agency}', 'Recorded as: {officer}, {agency}'], as_stand_in: ['làm thay {who}', 'in the name of {who}'],
  then_state: ['Trạng thái: {from} → {to}', 'State: {from} → {to}'], then_stays: ['Trạng thái không đổi: {from}', 'The state stays: {from}'],
  then_told: ['Được thông báo: {who}', 'Told: {who}'], then_nobody: ['Không có cơ quan nào khác được thông báo.', 'No other agency is told.'],
  then_due: ['Hạn hoàn thành: {day} ({left})', 'Due: {day} ({left})'], then_due_moves: ['Hạn: {from} → {to} ({left})', 'Due: {from} → {to} ({left})'],
  then_due_stays: ['Hạn giữ nguyên: {day}', 'The due date stays: {day}'],
  then_in_time: ['Trình hôm nay là đúng hạn ({day}).', 'Submitted today it is on time ({day}).'], then_late: ['Trình hôm nay là trễ {n} ngày làm việc (hạn {day}).', 'Submitted today it is {n|working day|working days} late (due {day}).'],
  then_closes: ['Nhiệm vụ kết thúc; không nhắc việc nữa.', 'The task is closed; nothing reminds of it any more.'],
  then_back: ['Chủ trì phải làm tiếp; hạn {day} không đổi.', 'The lead goes on; the due date {day} stays.'],
  then_stands: ['Đồng hồ dừng: không nhắc việc, không báo cáo vượt cấp cho đến khi tiếp tục.', 'The clocks stop: no reminder and no escalation until it is resumed.'],
  then_until: ['Tự tiếp tục sau khi hết {day}.', 'It runs on by itself after the end of {day}.'], then_until_resumed: ['Dừng đến khi cơ quan giao cho tiếp tục.', 'It stands until the assigner resumes it.'],
  then_decides: ['{who} quyết định.', '{who} decides.'], then_decides_by: ['{who} quyết định, chậm nhất hết ngày {day}; quá hạn sẽ báo cáo vượt cấp.', '{who} decides by the end of {day}; after that it is escalated.'],
  then_meanwhile: ['Trong khi chờ, chủ trì vẫn chịu trách nhiệm và mọi thời hạn vẫn chạy.', 'Until then the lead answers for the task, and every deadline goes on.'], then_wanted: ['Hạn nếu được chấp thuận: {from} → {to}', 'Due, if it is granted: {from} → {to}'],
  then_asked: ['{who} đề nghị {what}', '{who} asks for {what}'], then_lead: ['Chủ trì: {from} → {to}', 'Lead: {from} → {to}'], then_as_before: ['Chủ trì tiếp tục như cũ; thời hạn không đổi.', 'The lead goes on as before; no date changes.'],
  then_answered: ['Kiến nghị được trả lời và kết thúc; không cần xác nhận.', 'The recommendation is answered and closed; nobody has to confirm it.'], then_passed_on: ['Chưa tạo nhiệm vụ mới: sau khi gửi, cơ quan tự kiến nghị tới {who}.', 'This makes no task: afterwards your agency recommends it to {who} itself.'],
  then_refused: ['Sẽ không được nhận: {why}', 'It would be refused: {why}'], then_tried: ['Đã thử với máy chủ điều phối: sẽ được nhận.', 'Tried with the broker: it would be taken.'],
  then_held: ['Báo cáo vượt cấp tạm dừng đến hết {day}; sau đó đi tiếp nếu chưa xong.', 'Escalation is held until the end of {day}; then it goes on unless the task is done.'],
  then_not_held: ['Ghi nhận không giữ báo cáo vượt cấp lại.', 'The acknowledgement holds nothing back.'],
  then_ladder: ['Nhắc việc tính lại theo hạn mới.', 'Reminders begin anew from the new date.'], then_accepts: ['Cơ quan chủ trì tiếp nhận, chậm nhất hết ngày {day}.', 'The lead is to accept by the end of {day}.'],
  then_tasks: ['{n} nhiệm vụ được giao, mỗi cơ quan một nhiệm vụ.', '{n|task is|tasks are} assigned, one to each agency.'], then_one_task: ['Một nhiệm vụ được giao cho {who}.', 'One task is assigned to {who}.'],
  then_policy: ['Theo chính sách: {name}', 'Under the policy: {name}'], then_reminders: ['Nhắc việc {n} lần, báo cáo vượt cấp {m} cấp nếu quá hạn.', '{n|reminder|reminders}, and {m|level|levels} of escalation when it is late.'],
  then_no_due: ['Không có hạn: không nhắc việc.', 'No due date: nothing reminds of it.'], policy_due: ['Hạn theo chính sách: {day} ({left})', 'Due by the policy: {day} ({left})'],
  due_passed: ['Hạn này đã qua: ghi lùi ngày.', 'This date has passed: it is entered as backdated.'], counting: ['Đang tính ngày…', 'Counting…'],
  leads: ['Cơ quan chủ trì', 'Leads'], leads_help: ['Nhiều cơ quan: mỗi cơ quan một nhiệm vụ.', 'Several: one task each.'],
  cooperating: ['Phối hợp', 'Cooperating'], supervisor: ['Giám sát', 'Supervisor'], observers: ['Theo dõi', 'Observers'],
  default_policy: ['Mặc định ({name})', 'The default ({name})'], no_policy: ['Không theo chính sách', 'None'], never: ['Không', 'Never'],
  choose_agency: ['Gõ tên hoặc mã cơ quan', 'Type a name or an id'], no_agency: ['Không có cơ quan nào khớp.', 'No agency matches.'], details: ['Thêm chi tiết', 'More'],
  assigned_done: ['Đã giao {n} nhiệm vụ.', '{n|task|tasks} assigned.'], changed_meanwhile: ['Nhiệm vụ vừa thay đổi. Xem lại rồi gửi lần nữa.', 'The task has just changed. Look at it again, and send once more.'],
  // lists
  search: ['Tìm trong nội dung', 'Search titles'], search_hint: ['không cần dấu: “bao cao”', 'accents do not matter'], filter: ['Lọc', 'Filter'], clear_filter: ['Bỏ lọc', 'Clear filters'],
  any: ['Tất cả', 'Any'], open_states: ['Chưa xong', 'Open'], done_states: ['Đã trình hoặc hoàn thành', 'Submitted or completed'], agency: ['Cơ quan', 'Agency'], role: ['Vai trò', 'Role'], subtree: ['cả cấp dưới', 'and those under it'],
  due_before: ['Hạn trước ngày', 'Due before'], sort: ['Sắp xếp', 'Sort'], by_number: ['Thứ tự giao', 'As assigned'], by_due: ['Hạn gần nhất', 'Due date'], by_lead: ['Chủ trì', 'Lead'], tag: ['Từ khóa', 'Tag'],
  count: ['{n} nhiệm vụ', '{n|task|tasks}'], count_more: ['{n} nhiệm vụ đầu tiên, còn nữa', 'The first {n|task|tasks}, there are more'], load_more: ['Tải thêm', 'Show more'],
  none_match: ['Không có nhiệm vụ nào khớp.', 'No task matches.'], csv: ['Xuất CSV', 'Export CSV'], exporting: ['Đang xuất…', 'Exporting…'], open_csv: ['Mở bằng Excel', 'For Excel'], sorted_of: ['Sắp xếp trong {n} nhiệm vụ đầu tiên.', 'Sorted among the first {n}.'],
  mine: ['Gửi cơ quan tôi', 'To my agency'], only_open: ['Đang mở', 'Open'], with_ended: ['Cả đã kết thúc', 'Ended too'], acknowledged: ['đã ghi nhận', 'acknowledged'], ended: ['đã kết thúc', 'ended'], open_now: ['đang mở', 'open'], opened: ['Mở lúc', 'Opened'], no_escalations: ['Không có báo cáo vượt cấp nào.', 'No escalations.'],
  requests_page: ['Đề nghị chờ quyết định', 'Requests that wait'], requests_below: ['Cơ quan tôi và cấp dưới quyết định', 'To decide: my agency and below'], requests_mine: ['Cơ quan tôi quyết định', 'To decide: my agency'], requests_asked: ['Cơ quan tôi đề nghị', 'Asked by my agency'], which: ['Xem', 'Show'],
  no_requests: ['Không có đề nghị nào chờ quyết định.', 'No request waits.'], count_requests: ['{n} đề nghị', '{n|request|requests}'], asks_for: ['Đề nghị', 'Asks for'], decider: ['Nơi quyết định', 'Decides'], decide_due: ['Hạn quyết định', 'Decide by'],
  count_escalations: ['{n} báo cáo vượt cấp', '{n|escalation|escalations}'],
  // the leaders' page
  as_of: ['Số liệu lúc {when}', 'As of {when}'], overdue: ['Quá hạn', 'Overdue'], due_week: ['Đến hạn trong tuần', 'Due this week'], hot_spots: ['Điểm nóng', 'Hot spots'], no_hot: ['Không có việc nào bị báo cáo vượt cấp.', 'Nothing is escalated.'], documents: ['Theo văn bản giao việc', 'By document'], covered: ['Tỷ lệ hoàn thành', 'Done, of all'], no_documents: ['Chưa có nhiệm vụ nào nêu văn bản.', 'No task names a document.'],
  decisions: ['Đề nghị chờ quyết định', 'Decisions waiting'], decisions_below: ['của cơ quan và cấp dưới', 'here and below'], escalated: ['Vượt cấp chưa ghi nhận', 'Escalated, unacknowledged'],
  open_count: ['Đang mở', 'Open'], done_count: ['Đã xong', 'Done'], on_time_rate: ['Đúng hạn', 'On time'], all_count: ['Tổng số', 'All'], on_time: ['Đúng hạn', 'On time'], late: ['Trễ hạn', 'Late'], to_confirm: ['Chờ xác nhận', 'To confirm'], worst_delay: ['Trễ nhất (ngày LV)', 'Worst delay (w.d.)'],
  to_week_end: ['đến hết {day}', 'to the end of {day}'], of_open: ['trên {n} đang mở', 'of {n} open'], of_done: ['trên {n} đã trình', 'of {n} handed in'],
  trend: ['Diễn biến 12 tuần', 'The last 12 weeks'], trend_help: ['Theo hạn hiện tại của từng nhiệm vụ.', 'By the due dates of now.'], week: ['Tuần', 'Week'], submitted_total: ['Đã trình', 'Submitted'], as_table: ['Xem dạng bảng', 'As a table'],
  worst: ['Cơ quan cần đôn đốc', 'Agencies to press'], all_agencies: ['Theo cơ quan chủ trì', 'By lead agency'], direction: ['So với tuần trước', 'Against last week'], more_than: ['tăng {n}', '{n} more'], less_than: ['giảm {n}', '{n} fewer'], same: ['không đổi', 'the same'],
  no_worst: ['Không cơ quan nào có việc quá hạn.', 'No agency has anything overdue.'], by_level: ['Báo cáo vượt cấp theo cấp', 'Escalations by level'], total: ['Tổng cộng', 'Total'], show_all: ['Xem tất cả', 'Show all'],
  report_title: ['BÁO CÁO TÌNH HÌNH THỰC HIỆN NHIỆM VỤ', 'REPORT ON THE STATE OF TASKS'], print: ['In báo cáo', 'Print'], report_overdue: ['Nhiệm vụ quá hạn', 'Overdue tasks'], report_week: ['Nhiệm vụ đến hạn trong tuần', 'Tasks due this week'], report_escalated: ['Báo cáo vượt cấp chưa ghi nhận', 'Escalations not acknowledged'],
  report_sentence: ['Tổng số {all} nhiệm vụ: {done} đã xong, {submitted} đã trình chờ xác nhận ({on_time} đúng hạn, {late} trễ hạn); {open} đang mở, trong đó {overdue} quá hạn, {week} đến hạn trong tuần. {escalated} báo cáo vượt cấp chưa được ghi nhận.',
    '{all} tasks: {done} done, {submitted} handed in to be confirmed ({on_time} on time, {late} late); {open} open, of which {overdue} overdue and {week} due this week. {escalated} escalations are not acknowledged.'],
  report_targets: ['Chỉ tiêu: {met} đạt, {not_met} không đạt; {on_the_way} đang thực hiện, trong đó {behind} dưới kế hoạch hoặc dự kiến không đạt; {value_missed} thiếu số liệu.',
    'Targets: {met} met, {not_met} not met; {on_the_way} on the way, of which {behind} below plan or not expected to be met; {value_missed} miss a value.'],
  number: ['TT', 'No.'], made_by: ['Người lập', 'Made by'], approved_by: ['Lãnh đạo cơ quan', 'Head of the agency'], signature: ['(Ký, ghi rõ họ tên)', '(signature, full name)'], page_of: ['Trang {n}/{m}', 'Page {n}/{m}'], leave_wall: ['Thoát', 'Leave'],
  // targets
  period_week: ['tuần {n}/{year}', 'week {n} of {year}'], period_quarter: ['quý {n}/{year}', 'Q{n} {year}'], period_first_half: ['6 tháng đầu năm {year}', 'first half of {year}'], period_second_half: ['6 tháng cuối năm {year}', 'second half of {year}'], period_year: ['năm {year}', '{year}'],
  targets: ['Chỉ tiêu', 'Targets'], count_targets: ['{n} chỉ tiêu, {m} chậm hoặc có nguy cơ', '{n|target|targets}, {m} behind'], no_targets: ['Không có chỉ tiêu nào khớp.', 'No target matches.'], only_behind: ['Chậm hoặc có nguy cơ', 'Behind'], only_open_targets: ['Đang mở', 'Open'], all_targets: ['Tất cả chỉ tiêu', 'All targets'],
  behind_targets: ['Chỉ tiêu chậm hoặc có nguy cơ', 'Targets that are behind'], none_behind: ['Không có chỉ tiêu nào chậm.', 'No target is behind.'], all_behind: ['Xem cả danh sách', 'All of these'], the_task: ['Nhiệm vụ', 'The task'], report_value: ['Báo cáo số liệu', 'Report a value'], course_link: ['Diễn biến so với kế hoạch', 'Values against the plan'],
  course: ['Diễn biến so với kế hoạch', 'Values against the plan'], course_none: ['Chưa có kế hoạch và số liệu nào.', 'No plan and no values yet.'], by_period: ['Từng kỳ', 'Period by period'], value_newest: ['Số liệu gần nhất', 'Newest value'], values_together: ['Lũy kế', 'In all'], planned: ['Kế hoạch', 'Plan'], plan_together: ['Kế hoạch lũy kế', 'Plan, in all'],
  goal: ['Mục tiêu', 'Goal'], forecast: ['Dự báo', 'Forecast'], values_owed: ['Số liệu phải báo cáo', 'Values owed'], deviation: ['Chênh lệch', 'Deviation'], assessment: ['Đánh giá', 'Assessment'], value_reported: ['Báo cáo', 'Reported'], unit: ['Đơn vị tính', 'Unit'], denominator_of: ['Mẫu số', 'Denominator'],
  target_met: ['đạt kế hoạch', 'as planned'], target_unmet: ['chưa đạt kế hoạch', 'not as planned'], target_will: ['dự báo đạt', 'will be met'], target_will_not: ['dự báo không đạt', 'will not be met'], better_less: ['càng thấp càng tốt', 'the lower the better'], better_more: ['càng cao càng tốt', 'the higher the better'],
  rate_per: ['tỷ lệ tính trên {n}', 'a rate, to each {n}'], counting_amount: ['cộng dồn qua các kỳ', 'added up over the periods'], value_corrected: ['đã sửa', 'corrected'], value_by: ['chậm nhất hết ngày {day}', 'by the end of {day}'], value_to_come: ['chưa đến kỳ', 'to come'], no_plan: ['không có kế hoạch', 'not planned'],
  course_trend: ['Xu hướng', 'Trend'], trend_a_period: ['mỗi kỳ, theo ba số liệu gần nhất', 'a period, by the last three values'], trend_none: ['cần ít nhất hai số liệu', 'takes two values at least'], forecast_of: ['Dự báo đến {day}: {n}', 'Forecast by {day}: {n}'], forecast_help: ['dự báo đến hạn, theo ba số liệu gần nhất', 'forecast by the due date, by the last three values'],
  forecast_none: ['cần ít nhất hai số liệu, và một hạn', 'takes two values at least, and a due date'], drawn: ['Số liệu và kế hoạch từ {from} đến {to}', 'Values and plan from {from} to {to}'],
  // refusals
  e_unreachable: ['Không kết nối được với máy chủ.', 'The server cannot be reached.'], e_timed_out: ['Máy chủ điều phối chưa trả lời.', 'The broker has not answered.'],
  e_task_unknown: ['Không có nhiệm vụ này, hoặc cơ quan không được xem.', 'There is no such task that your agency may read.'], e_not_authorised: ['Cơ quan không có vai trò được phép làm việc này.', 'Your agency has no role on the task that allows this.'],
  e_wrong_state: ['Trạng thái của nhiệm vụ không cho phép thao tác này.', 'The state of the task does not allow this.'], e_right_missing: ['Tài khoản chỉ được xem.', 'This account may only read.'], e_reference_taken: ['Ký hiệu này đã dùng.', 'This reference is taken.'],
  e_due_in_past: ['Hạn đã qua.', 'The due date has passed.'], e_bad_date: ['Ngày không hợp lệ.', 'This is no date.'], e_evidence_required: ['Cần ít nhất một minh chứng.', 'Evidence is needed.'], e_open_parts: ['Còn nhiệm vụ thành phần chưa xong: ghi rõ lý do ở ghi chú.', 'Parts of it are open: say in the note why it is done without them.'],
  e_not_taskable: ['Cơ quan không được giao việc cho cơ quan này.', 'Your agency may not give tasks to this one.'], e_not_assignable: ['Cơ quan này không nhận nhiệm vụ.', 'This agency takes no tasks.'], e_duplicate_role: ['Một cơ quan được nêu hai vai trò.', 'An agency is named in two roles.'],
  e_upward_directive: ['Giao lên cấp trên chỉ có thể là kiến nghị hoặc báo cáo.', 'To an agency above it must be a recommendation or a report.'], e_due_after_parent: ['Hạn của thành phần sau hạn của nhiệm vụ chung.', 'A part would be due after its whole.'], e_escalation_unknown: ['Báo cáo vượt cấp này đã kết thúc.', 'This escalation has ended.'],
  e_waits_for_itself: ['Các nhiệm vụ sẽ chờ lẫn nhau thành vòng.', 'Tasks would wait for each other in a circle.'],
  e_already_asked: ['Đã có một đề nghị cùng loại đang chờ quyết định.', 'A request of this kind is waiting already.'], e_asked_late: ['Quá muộn để đề nghị gia hạn theo chính sách; cơ quan giao vẫn có thể sửa hạn.', 'Too late to ask for an extension under the policy; the assigner may still amend the date.'],
  e_ask_unknown: ['Đề nghị này đã được quyết định hoặc đã rút.', 'This request has been decided, or taken back.'],
  e_storage_full: ['Máy chủ điều phối hết chỗ ghi; sẽ gửi lại.', 'The disk of the broker is full; it will be sent again.'], e_clock_doubtful: ['Đồng hồ máy chủ điều phối chưa đáng tin; sẽ gửi lại.', 'The clock of the broker is in doubt; it will be sent again.'], e_request_reused: ['Biểu mẫu này đã được gửi với nội dung khác. Kiểm tra diễn biến rồi gửi lại.', 'This form was sent before with other contents. Look at the history, then send again.'],
  e_agency_unknown: ['Không có cơ quan này.', 'There is no such agency.'], e_too_many: ['Quá nhiều yêu cầu; hãy chờ một lát.', 'Too many requests; wait a moment.'], e_csrf: ['Phiên làm việc đã đổi; hãy tải lại trang.', 'The session has changed; reload the page.'], e_rate_limited: ['Gửi quá nhanh; hãy chờ.', 'Too fast; wait.'],
  e_share_full: ['Tài khoản đã dùng hết phần lưu trữ minh chứng; hãy báo quản trị viên.', 'This account has filled its share of the place for evidence; tell the administrator.'], e_full: ['Máy chủ hết chỗ lưu minh chứng; hãy báo quản trị viên.', 'The server has no more room for evidence; tell the administrator.'], e_busy: ['Máy chủ đang bận; hãy thử lại sau giây lát.', 'The server is busy; try again in a moment.'], e_too_large: ['Nội dung quá lớn.', 'It is too large.'], e_no_context: ['Máy chủ này không phục vụ cơ quan của tài khoản.', 'This server does not serve the agency of the account.'],
  // whose clock ran
  custody: ['Thời gian giữ việc, theo cơ quan', 'Whose clock ran'], custody_of: ['Thời gian làm việc đã qua từ {from}: {long}, chia theo cơ quan đang giữ việc.', '{long} of working time since {from}, by the agency that the task waited for.'], worked_days: ['{n} ngày làm việc', '{n} working days'], parts_hidden: ['cơ quan không được xem hết các phần', 'your agency may not read all of them'],
  hours: ['{n} giờ', '{n} h'], minutes: ['{n} phút', '{n} min'], under_minute: ['dưới 1 phút', 'under 1 min'], turn: ['{what}: {from} – {to}, {long}', '{what}: {from} – {to}, {long}'], turn_now: ['nay', 'now'], holds_now: ['đang giữ', 'holds it now'],
  all_turns: ['Xem từng lượt ({n})', 'Each turn ({n})'], since: ['Từ', 'From'], until_when: ['Đến', 'Until'], held_for: ['Việc phải làm', 'For'], working_time: ['Thời gian làm việc', 'Working time'],
  passed_times: ['chuyển đi {n} lần', 'passed on {n|time|times}'], back_times: ['nhận lại {n} lần', 'came back {n|time|times}'], bounces: ['Số lần đổi chủ trì', 'Changes of lead'],
  // parts, and what is waited for
  parts_together: ['hoàn thành, tính theo tỷ trọng', 'done together, by weight'], weight_short: ['Tỷ trọng', 'Weight'], waits_section: ['Phải chờ nhiệm vụ khác', 'Waits for'], not_ended: ['chưa xong', 'not ended'], has_ended: ['đã xong', 'has ended'],
  // documents
  no_text: ['(chưa có nội dung mục này)', '(what it says is not here)'],
  // opinions
  opinions: ['Lấy ý kiến', 'Opinions'], opinions_owed: ['còn {n} ý kiến', '{n|opinion|opinions} owed'], asked_opinion: ['{who} lấy ý kiến, {when}', '{who} asked on {when}'], opinions_given: ['{n}/{m} đã cho ý kiến', '{n} of {m} given'],
  silent_days: ['{n} ngày làm việc', '{n|working day|working days}'], opinion_late: ['trễ {days}', 'late by {days}'], until_then: ['đến {when}', 'until {when}'], opinion_gone: ['Không còn ý kiến nào phải cho ở nội dung này.', 'No opinion is owed on this question any more.'],
  missed_decide: ['chậm quyết định đề nghị', 'late to decide'], missed_answer: ['chậm trả lời kiến nghị', 'late to answer'],
  shown_then: ['Cơ quan không còn được xem nhiệm vụ này; dưới đây là phần đã được xem khi cho ý kiến.', 'Your agency does not read this task any more; this is what it was shown for its opinion.'],
  to_opine: ['Chờ cho ý kiến', 'Opinions to give'], to_read: ['Thông báo chờ xác nhận đã đọc', 'Circulars to read'], mark_read: ['Đã đọc', 'I have read it'],
  which_question: ['Nội dung lấy ý kiến', 'Which question'], recall_of: ['Rút của', 'Taken back of'], recall_all: ['Tất cả cơ quan chưa cho ý kiến', 'All that owe an opinion'], ask_whom: ['Lấy ý kiến của', 'Whom to ask'], question_words: ['Nội dung cần cho ý kiến', 'What is asked'], opinion_words: ['Ý kiến', 'The opinion'], opinion_due: ['Cho ý kiến chậm nhất hết ngày', 'Opinions by'],
  then_opinion_due: ['Hạn cho ý kiến: {day} ({left}); sau đó được ghi là quá hạn chưa cho ý kiến.', 'Opinions are owed by {day} ({left}); after that it is recorded that none was given.'], then_lead_goes_on: ['Chủ trì vẫn chịu trách nhiệm; hạn của nhiệm vụ không đổi.', 'The lead answers for the task all the while; its date stays.'],
  then_was_asked: ['{who} cần ý kiến, chậm nhất hết ngày {day}', '{who} asks for it by the end of {day}'], then_opinion_late: ['Đã quá hạn: ý kiến được nhận và ghi là trễ.', 'The date has passed: it is taken, and recorded as late.'], then_recalled: ['Không cơ quan nào trong số này còn phải cho ý kiến.', 'None of these owes an opinion any more.'],
  then_read: ['Xác nhận đã đọc; không phải làm gì thêm.', 'It is recorded as read; nothing more is to be done.'],
  // the pages of documents, hot spots, circulars and schedules
  papers: ['Văn bản', 'Documents'], count_documents: ['{n} văn bản', '{n|document|documents}'], no_papers: ['Không có văn bản nào.', 'No documents.'], issuer: ['Cơ quan ban hành', 'Issued by'], issued: ['Ngày ban hành', 'Issued on'], force: ['Hiệu lực', 'Force'], replaced_by: ['Được thay thế bằng', 'Replaced by'], all_papers: ['Tất cả văn bản', 'All documents'],
  coverage: ['Thực hiện theo từng mục', 'Paragraph by paragraph'], by_none: ['chưa giao cho ai', 'carried out by no task'], none_of: ['{n}/{m} mục chưa có nhiệm vụ', '{n} of {m} paragraphs without a task'], missing_paragraph: ['văn bản không có mục này', 'the document has no such paragraph'], no_paragraph: ['Không nêu mục', 'No paragraph named'], parts_open: ['{n}/{m} phần chưa xong', '{n} of {m} parts open'], print_page: ['In', 'Print'],
  burning: ['Việc nóng nhất', 'What burns'], hot_by_rule: ['Điểm nóng theo tiêu chí', 'Hot spots, by their rules'], hot_spot: ['Điểm nóng', 'Hot spot'], hot_help: ['Nơi nhiều việc quá hạn hoặc bị báo cáo vượt cấp cùng lúc.', 'Where many tasks of one place are late or escalated at once.'], rule: ['Tiêu chí', 'Rule'], place: ['Lĩnh vực, địa bàn', 'Where'], late_or_escalated: ['Số việc trễ, vượt cấp', 'Late or escalated'], hot_from: ['Ngưỡng', 'Hot from'], counting_anew: ['đang đếm lại', 'being counted anew'], not_hot: ['chưa tới ngưỡng', 'not hot'], hot_since: ['nóng từ {when}', 'hot since {when}'],
  hot_rule: ['Là điểm nóng khi có từ {n} việc đang mở bị quá hạn hoặc vượt cấp chưa ghi nhận.', 'It is hot once {n} or more are open and overdue, or escalated and not acknowledged.'], set_by: ['{who} đặt tiêu chí.', 'The rule is of {who}.'], hidden_tasks: ['{n} việc cơ quan không được xem', '{n} that your agency may not read'], no_rules: ['Chưa có tiêu chí điểm nóng nào.', 'There is no rule of hot spots.'], count_rules: ['{n} tiêu chí, {m} đang nóng', '{n|rule|rules}, {m} hot'],
  circulars: ['Thông báo', 'Circulars'], circular: ['Thông báo', 'Circular'], count_circulars: ['{n} thông báo', '{n|circular|circulars}'], no_circulars: ['Cơ quan chưa gửi thông báo nào.', 'This agency has sent no circular.'], sent_count: ['Đã gửi', 'Sent'], read_count: ['Đã đọc', 'Read'], read_late: ['Đọc trễ', 'Read late'], unread_count: ['Chưa đọc', 'Not read'], withdrawn_count: ['Đã rút', 'Withdrawn'], not_read: ['chưa đọc', 'not read'], read_at: ['Đọc lúc', 'Read at'], count_agencies: ['{n} cơ quan', '{n|agency|agencies}'],
  schedules: ['Việc định kỳ', 'Recurring'], count_schedules: ['{n} nhiệm vụ định kỳ', '{n|schedule|schedules}'], no_schedules: ['Cơ quan chưa đặt nhiệm vụ định kỳ nào.', 'This agency has no schedule.'], period: ['Chu kỳ', 'Period'], next_period: ['Kỳ tới', 'Next'], made: ['Đã giao', 'Made'], made_of: ['{n} nhiệm vụ, {m} kỳ', '{n|task|tasks} in {m|period|periods}'], server_says: ['Máy chủ báo: {what}', '{what}'], nothing_made: ['Kỳ vừa rồi không giao được', 'Nothing was made last time'], due_at_end: ['hạn cuối kỳ', 'due at its end'], all_under: ['các cơ quan trực thuộc {who}', 'all right under {who}'], ended_on: ['kết thúc {when}', 'ended {when}'],
} satisfies Record<string, [string, string]>;

export type Word = keyof typeof WORDS;

function first(): Language {
  const kept = localStorage.getItem('language');
  return kept === 'en' || kept === 'vi' ? kept : 'vi';
}
export const language = store<Language>(first());
language.watch(() => {
  localStorage.setItem('language', language.get());
  document.documentElement.lang = language.get();
});
document.documentElement.lang = language.get();

export const inVietnamese = (): boolean => language.get() === 'vi';

export function t(word: Word, fill: Record<string, string | number> = {}): string {
  return WORDS[word][inVietnamese() ? 0 : 1].replace(/\{(\w+)(?:\|([^|}]+)\|([^}]+))?\}/g, (_, name: string, one?: string, more?: string) => `${fill[name] ?? ''}${one ? ` ${Number(fill[name]) === 1 ? one : more}` : ''}`);
}
/* The words for a refusal: the pages' own, or in Vietnamese those of refusals.ts, or the sentence that came with it. */
export function refusal(name: string, message: string): string {
  if (`e_${name}` in WORDS) return t(`e_${name}` as Word);
  const vietnamese = inVietnamese() ? REFUSALS[name] : undefined;
  return vietnamese ? (vietnamese.endsWith(':') ? `${vietnamese} ${message}` : vietnamese) : message || name;
}
