/* What the broker and coord-web refuse with, in Vietnamese, by the name of the error in protocol/errors.def.h and clients/web/web.h: those for
 * which the pages have no words of their own (`e_…` of words.ts). English readers get the sentence that comes with it. Where that says which value
 * is at fault and what would be right, the Vietnamese ends in a colon, and it follows. tests/vietnamese.py sees to it that none is missing.
 */
export const REFUSALS: Record<string, string> = {
  // what was sent
  frame_too_large: 'Nội dung gửi lớn quá 1 MiB.', frame_too_deep: 'Nội dung gửi lồng nhau quá sâu.', frame_malformed: 'Nội dung gửi không đọc được.', frame_too_many: 'Nội dung gửi có quá nhiều mục.',
  unknown_op: 'Máy chủ điều phối không có chức năng này; có thể là phiên bản cũ hơn.',
  missing_field: 'Thiếu một mục bắt buộc:', bad_type: 'Một mục không đúng kiểu dữ liệu:', out_of_range: 'Giá trị, độ dài hoặc số lượng vượt giới hạn:', bad_term: 'Giá trị không nằm trong danh sách cho phép:',
  bad_text: 'Văn bản có ký tự không hợp lệ:', bad_key: 'Khóa không hợp lệ:', bad_value: 'Giá trị mâu thuẫn với các mục khác:',
  bad_json: 'Nội dung gửi không phải một đối tượng JSON.', bad_body: 'Nội dung gửi phải là JSON.', bad_field: 'Một mục không đúng:',
  // who sent it
  key_unknown: 'Khóa kết nối không thuộc cơ quan nào; hãy báo quản trị viên.', key_revoked: 'Khóa kết nối đã bị thu hồi; hãy báo quản trị viên.', key_expired: 'Khóa kết nối đã hết hạn; hãy báo quản trị viên.',
  agency_closed: 'Cơ quan không trong thời gian hoạt động:', sign_in_needed: 'Hãy đăng nhập; phiên làm việc có thể đã kết thúc.', sign_in_refused: 'Tên đăng nhập, mật khẩu hoặc mã không đúng.',
  code_needed: 'Tài khoản này cần thêm mã 6 chữ số của ứng dụng xác thực.', locked: 'Sai quá nhiều lần; hãy chờ rồi thử lại.',
  // what it names
  not_found: 'Không có mục này.', method: 'Yêu cầu gửi không đúng cách.', calendar_unknown: 'Không có lịch làm việc này.', policy_unknown: 'Không có chính sách này.', key_not_found: 'Không cơ quan nào có khóa này.',
  stream_unknown: 'Kết nối này chưa đăng ký nhận thông báo.', schedule_unknown: 'Cơ quan không có lịch giao việc định kỳ này.', hot_spot_unknown: 'Không có tiêu chí điểm nóng này liên quan đến cơ quan.',
  question_unknown: 'Nhiệm vụ không có nội dung lấy ý kiến nào còn chờ cơ quan này.', document_unknown: 'Không có văn bản mang số này mà cơ quan được xem.', paragraph_unknown: 'Văn bản không có mục này:',
  // what it does not fit
  conflict: 'Nhiệm vụ đã thay đổi kể từ lúc xem; hãy xem lại rồi quyết định.', tree_cycle: 'Cơ quan sẽ đứng trên, kế tục hoặc làm thay chính mình.', key_taken: 'Khóa này đã thuộc một cơ quan, hoặc đã bị thu hồi.',
  calendar_range: 'Ngày phải từ 01/01/2000 đến 31/12/2099.', already_subscribed: 'Kết nối này đã đăng ký nhận thông báo.', other_store: 'Kho dữ liệu đã là kho khác, ví dụ vừa được khôi phục; hãy tải lại trang.', label_taken: 'Cơ quan đã có khóa khác mang tên này.',
  document_taken: 'Cơ quan khác đã có văn bản mang số này.', document_over: 'Văn bản đã được thay thế hoặc thu hồi; hãy nêu văn bản còn hiệu lực.',
  // targets
  period_wrong: 'Chỉ tiêu không có kỳ này, hoặc chưa đến lượt báo cáo kỳ này:', series_begun: 'Chỉ tiêu đã có số liệu; không đổi được kỳ báo cáo và cách tính.', no_indicator: 'Nhiệm vụ không phải là chỉ tiêu có số liệu theo kỳ.',
  // in another agency's name
  not_stood_in_for: 'Cơ quan hiện không làm thay cho cơ quan đó:', not_its_own: 'Cơ quan chủ trì nhiệm vụ không xử lý nhiệm vụ đó dưới tên cơ quan khác.', whose_name: 'Có thể hiểu là làm thay cho nhiều cơ quan; hãy nêu rõ cơ quan nào:',
  // what there is no room or time for
  in_flight_limit: 'Còn quá nhiều yêu cầu chưa được trả lời; hãy chờ.', stream_limit: 'Máy chủ điều phối đã đủ số luồng thông báo; hãy thử lại sau.', credit_limit: 'Luồng thông báo xin quá số được giữ.', capacity: 'Đã đến số lượng tối đa:',
  batch_full: 'Gửi quá nhiều trong một lần; hãy chia nhỏ.', cost_limited: 'Các chương trình của cơ quan yêu cầu quá nhiều; hãy chờ rồi gửi lại.', connection_limit: 'Cơ quan có quá nhiều kết nối.',
  storage_limited: 'Cơ quan đã giao đến số nhiệm vụ hoặc dung lượng tối đa; hãy báo quản trị viên.', write_limited: 'Cơ quan đã ghi đến mức tối đa trong ngày; hãy gửi lại sau.',
  not_leader: 'Máy chủ này chỉ theo máy chính; hãy gửi lại sau giây lát.', behind: 'Máy chủ này chưa cập nhật kịp máy chính; hãy thử lại sau giây lát.', not_several: 'Kho dữ liệu chỉ có một máy chủ phục vụ.', hand_over_failed: 'Không máy chủ nào nhận thay vai trò máy chính; máy này vẫn là máy chính.',
  stopping: 'Máy chủ đang dừng; hãy thử lại sau giây lát.', backup_running: 'Đang sao lưu; hãy thử lại sau.', backup_failed: 'Không ghi được bản sao lưu trên máy chủ:', store: 'Máy chủ không đọc hoặc ghi được dữ liệu của mình; hãy báo quản trị viên.',
  // between coord-web and the broker
  no_memory: 'Máy chủ hết bộ nhớ; hãy báo quản trị viên.', bad_context: 'Máy chủ chưa được cấu hình đúng để kết nối; hãy báo quản trị viên.', bad_argument: 'Máy chủ gọi sai chức năng; hãy báo quản trị viên.', bad_reply: 'Không đọc được trả lời của máy chủ điều phối; hãy báo quản trị viên.',
  system: 'Hệ điều hành của máy chủ từ chối; hãy báo quản trị viên:',
};
