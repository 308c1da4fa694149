// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// Transfers with libcurl: each is one exchange; redirects, retries and limits are decided here.
#include "http_session.hpp"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <exception>
#include <new>
#include <random>
#include <thread>

#include <curl/curl.h>
#include <fmt/format.h>

#include "errors.hpp"
#include "progress.hpp"

namespace client {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr int max_redirects = 5;
constexpr std::size_t max_header_bytes = std::size_t{64} << 10, max_excuse = max_header_bytes;
/// A manifest may be that large; what is larger is a layer, which takes the time that it takes.
constexpr std::size_t most_small = std::size_t{4} << 20;
constexpr long slow_bytes_per_second = 100;
constexpr long status_ok = 200, status_partial = 206, status_unsatisfiable = 416;
constexpr std::int64_t longest_wait = 10'000, first_wait = 200;

/// libcurl as a whole, for the time of the program.
class curl_library {
 public:
  curl_library() : works_(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK) {}
  curl_library(const curl_library&) = delete;
  curl_library& operator=(const curl_library&) = delete;
  ~curl_library() {
    if (works_) curl_global_cleanup();
  }
  bool works() const { return works_; }

 private:
  bool works_;
};

struct url_deleter {
  void operator()(CURLU* url) const noexcept { curl_url_cleanup(url); }
};
struct list_deleter {
  void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
};
using header_list = std::unique_ptr<curl_slist, list_deleter>;

std::string part_of(CURLU* url, CURLUPart part, unsigned flags) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, flags) != CURLUE_OK) return {};
  std::string out{text};
  curl_free(text);
  return out;
}

bool is_secure(const std::string& origin) { return origin.compare(0, 8, "https://") == 0; }

std::string host_of(const std::string& url) {
  const std::string origin = origin_of(url);
  const std::size_t mark = origin.find("//");
  return mark == origin.npos ? url : origin.substr(mark + 2);
}

[[noreturn]] void refuse(const http_request& wanted, const std::string& url,
                         const std::string& why) {
  throw failure(exit_code::unavailable,
                fmt::format("cannot get the {} from {}: {}", wanted.role, host_of(url), why),
                {next_step("check the network and the name of the server, or get it "
                           "another way")});
}

bool is_repeatable(const http_request& wanted) {
  return wanted.method == "GET" || wanted.method == "HEAD";
}

/// What another try would not mend: a server whose certificate is not trusted, or no list of authorities.
bool is_final(CURLcode code) {
  return code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE;
}

bool tells_to_wait(long status) {
  return status == 429 || status == 500 || status == 502 || status == 503 || status == 504;
}

bool is_redirect(long status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

}  // namespace

/// What one request has so far, over all its attempts.
struct http_session::transfer {
  const http_request& wanted;
  http_answer answer;
  std::string url;
  /// The body of a good answer may come in several attempts; other bodies tell why there is none.
  std::size_t taken = 0;
  byte_buffer excuse;
  std::size_t header_bytes = 0;
  bool is_too_large = false, has_bad_headers = false, is_out_of_place = false;
  CURLcode code = CURLE_OK;
  CURL* curl = nullptr;
  std::unique_ptr<progress> shown;
  /// What went wrong on our side, to be thrown where libcurl is not between.
  std::exception_ptr problem;

  explicit transfer(const http_request& request) : wanted(request), url(request.url) {}

  void begin_exchange() {
    answer.status = 0;
    answer.headers.clear();
    excuse.clear();
    header_bytes = 0;
    is_out_of_place = false;
  }
  /// Decides by status and headers what the body is. Called before its first byte.
  void begin_body() {
    if (answer.status != 0) return;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer.status);
    if (!answer.is_good()) return;
    const bool goes_on = answer.status == status_partial;
    is_out_of_place =
        goes_on && (taken == 0 ||
                    answer.header("Content-Range").rfind(fmt::format("bytes {}-", taken), 0) != 0);
    if (!goes_on) start_again();
  }
  void start_again() {
    taken = 0;
    answer.body.clear();
    if (wanted.into != nullptr) wanted.into->restart();
  }
  bool take(nv2::bytes piece) {
    begin_body();
    if (is_out_of_place) return false;
    byte_buffer& kept = answer.is_good() ? answer.body : excuse;
    const std::size_t room = answer.is_good() ? wanted.limit - taken : max_excuse - excuse.size();
    is_too_large = piece.size() > room;
    if (is_too_large) return false;
    if (answer.is_good()) taken += piece.size();
    if (shown) shown->advance_to(taken);
    if (answer.is_good() && wanted.into != nullptr) return wanted.into->take(piece);
    kept.insert(kept.end(), piece.begin(), piece.end());
    return true;
  }
  bool add_header(std::string_view line) {
    header_bytes += line.size();
    has_bad_headers = header_bytes > max_header_bytes;
    if (has_bad_headers) return false;
    if (line.compare(0, 5, "HTTP/") == 0) answer.headers.clear();
    const std::size_t colon = line.find(':');
    if (colon == line.npos) return true;
    std::string_view value = line.substr(colon + 1);
    while (!value.empty() && std::isspace(static_cast<unsigned char>(value.front())) != 0) {
      value.remove_prefix(1);
    }
    while (!value.empty() && std::isspace(static_cast<unsigned char>(value.back())) != 0) {
      value.remove_suffix(1);
    }
    answer.headers.emplace_back(line.substr(0, colon), value);
    return true;
  }

  /// What callbacks of libcurl are to return, which does not know exceptions.
  template <typename Step>
  std::size_t guarded(std::size_t size, Step step) noexcept {
    try {
      return step() ? size : 0;
    } catch (...) {
      problem = std::current_exception();
      return 0;
    }
  }
  static std::size_t receive(char* data, std::size_t size, std::size_t count, void* self) noexcept {
    transfer& state = *static_cast<transfer*>(self);
    const nv2::bytes piece{reinterpret_cast<const std::uint8_t*>(data), size * count};
    return state.guarded(piece.size(), [&] { return state.take(piece); });
  }
  static std::size_t header(char* data, std::size_t size, std::size_t count, void* self) noexcept {
    transfer& state = *static_cast<transfer*>(self);
    return state.guarded(size * count, [&] { return state.add_header({data, size * count}); });
  }
};

struct http_session::handle {
  CURL* curl;
  char error[CURL_ERROR_SIZE] = "";

  handle() {
    static const curl_library library;
    curl = library.works() ? curl_easy_init() : nullptr;
    if (curl == nullptr) throw std::bad_alloc();
  }
  handle(const handle&) = delete;
  handle& operator=(const handle&) = delete;
  ~handle() { curl_easy_cleanup(curl); }

  void set_method(const http_request& wanted) {
    if (wanted.method == "HEAD") {
      curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
    } else if (wanted.method != "GET") {
      curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, wanted.method.c_str());
      curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE,
                       static_cast<curl_off_t>(wanted.body.size()));
      curl_easy_setopt(curl, CURLOPT_POSTFIELDS, wanted.body.empty() ? "" : text_of(wanted.body));
    }
  }
  void set_trust() {
    // As OpenSSL and Go have it.
    if (const char* const file = std::getenv("SSL_CERT_FILE"); file != nullptr && *file != '\0') {
      curl_easy_setopt(curl, CURLOPT_CAINFO, file);
    }
    if (const char* const folder = std::getenv("SSL_CERT_DIR");
        folder != nullptr && *folder != '\0') {
      curl_easy_setopt(curl, CURLOPT_CAPATH, folder);
    }
  }
  static const char* text_of(nv2::bytes body) { return reinterpret_cast<const char*>(body.data()); }
};

bool is_header(std::string_view one, std::string_view name) {
  return std::equal(one.begin(), one.end(), name.begin(), name.end(), [](char a, char b) {
    return std::tolower(static_cast<unsigned char>(a)) ==
           std::tolower(static_cast<unsigned char>(b));
  });
}

std::string http_answer::header(std::string_view name) const {
  for (const auto& [each, value] : headers) {
    if (is_header(each, name)) return value;
  }
  return {};
}

std::string origin_of(const std::string& url) {
  const std::unique_ptr<CURLU, url_deleter> parsed{curl_url()};
  if (parsed == nullptr) throw std::bad_alloc();
  if (curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK) return {};
  const std::string scheme = part_of(parsed.get(), CURLUPART_SCHEME, 0);
  const std::string host = part_of(parsed.get(), CURLUPART_HOST, 0);
  if ((scheme != "http" && scheme != "https") || host.empty()) return {};
  std::string lower = host;
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return fmt::format("{}://{}:{}", scheme, lower,
                     part_of(parsed.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT));
}

std::string percent_encoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '.' ||
                       c == '_' || c == '~';
    out += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

http_session::http_session(http_rules rules) : rules_(rules) {}

http_session::~http_session() = default;

long http_session::milliseconds_left() const {
  const auto passed = std::chrono::duration_cast<milliseconds>(steady_clock::now() - start_);
  return std::max(0L, rules_.total_seconds * 1000 - static_cast<long>(passed.count()));
}

/// One exchange with one server.
void http_session::exchange(const http_request& wanted, transfer& state) {
  if (handle_ == nullptr) handle_ = std::make_unique<handle>();
  CURL* const curl = state.curl = handle_->curl;
  curl_easy_reset(curl);  // connections stay
  *handle_->error = '\0';
  header_list headers;
  const auto add = [&headers, &wanted, &state](const std::string& line) {
    // What a header may not hold would end it, and begin another request.
    for (const char c : line) {
      if ((c >= '\0' && c < ' ') || c == '\x7F') refuse(wanted, state.url, "a header is no text");
    }
    curl_slist* const longer = curl_slist_append(headers.get(), line.c_str());
    if (longer == nullptr) throw std::bad_alloc();
    static_cast<void>(headers.release());
    headers.reset(longer);
  };
  const bool is_foreign = origin_of(state.url) != origin_of(wanted.url);
  for (const auto& [name, value] : wanted.headers) {
    if (!is_foreign || !is_header(name, "Authorization")) add(fmt::format("{}: {}", name, value));
  }
  add("Expect:");
  if (state.taken > 0) add(fmt::format("Range: bytes={}-", state.taken));
  state.begin_exchange();
  curl_easy_setopt(curl, CURLOPT_URL, state.url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, is_secure(wanted.url) ? "https" : "http,https");
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, rules_.connect_seconds);
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, slow_bytes_per_second);
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, rules_.idle_seconds);
  const bool is_layer = wanted.into != nullptr || wanted.body.size() > most_small;
  if (!is_layer) {
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, std::max(1L, milliseconds_left()));
  }
  curl_easy_setopt(curl, CURLOPT_USERAGENT, "nv2");
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, handle_->error);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, transfer::receive);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &state);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, transfer::header);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, &state);
  handle_->set_method(wanted);
  handle_->set_trust();
  const auto begin = steady_clock::now();
  state.code = curl_easy_perform(curl);
  if (is_layer) start_ += steady_clock::now() - begin;
  if (state.problem) std::rethrow_exception(state.problem);
  if (state.code == CURLE_OK) state.begin_body();
}

/// Exchanges until an answer is no redirect.
void http_session::follow(const http_request& wanted, transfer& state) {
  for (int redirects = 0;; ++redirects) {
    exchange(wanted, state);
    if (state.code != CURLE_OK || !is_redirect(state.answer.status) || !is_repeatable(wanted))
      break;
    char* next = nullptr;
    curl_easy_getinfo(state.curl, CURLINFO_REDIRECT_URL, &next);
    const std::string target = next == nullptr ? "" : next;
    const std::string origin = origin_of(target);
    if (origin.empty()) refuse(wanted, state.url, "it redirects to no address of the web");
    if (is_secure(origin_of(wanted.url)) && !is_secure(origin)) {
      refuse(wanted, state.url, "it redirects from https to http");
    }
    if (redirects == max_redirects) refuse(wanted, state.url, "too many redirects");
    state.url = target;
  }
}

/// Waits before the next attempt, as long as the server asks for; false when that is too long.
bool http_session::wait_to_retry(int attempt, const http_answer* answer) {
  std::random_device seed;
  std::int64_t wait = first_wait << attempt;
  wait += static_cast<std::int64_t>(seed() % static_cast<unsigned>(wait));
  const std::string asked = answer == nullptr ? "" : answer->header("Retry-After");
  if (!asked.empty()) {
    const std::int64_t seconds = std::strtoll(asked.c_str(), nullptr, 10);
    if (seconds < 0 || seconds > longest_wait / 1000) return false;
    wait = std::max(wait, seconds * 1000);
  }
  if (wait > longest_wait || wait >= milliseconds_left()) return false;
  std::this_thread::sleep_for(milliseconds(wait));
  return true;
}

http_answer http_session::send(const http_request& wanted) {
  if (rules_.offline) refuse(wanted, wanted.url, "--offline forbids it");
  if (origin_of(wanted.url).empty()) refuse(wanted, wanted.url, "that is no address of the web");
  transfer state{wanted};
  if (wanted.shows_progress) state.shown = std::make_unique<progress>(wanted.role, wanted.limit);
  for (int attempt = 0;; ++attempt) {
    if (milliseconds_left() == 0) refuse(wanted, state.url, "the time for all requests is over");
    state.url = wanted.url;
    follow(wanted, state);
    if (state.is_too_large) {
      const std::size_t limit = state.answer.is_good() ? wanted.limit : max_excuse;
      refuse(wanted, state.url, fmt::format("it has more than {} bytes", limit));
    }
    if (state.has_bad_headers) refuse(wanted, state.url, "its headers are too large");
    const bool is_whole = state.code == CURLE_OK && !state.is_out_of_place;
    const bool is_beyond =
        is_whole && state.answer.status == status_unsatisfiable && state.taken > 0;
    if (is_beyond || state.is_out_of_place) state.start_again();
    if (is_whole && !is_beyond && !tells_to_wait(state.answer.status)) break;
    const bool can_repeat = is_repeatable(wanted) && !is_final(state.code) &&
                            attempt + 1 < rules_.tries &&
                            wait_to_retry(attempt, is_whole ? &state.answer : nullptr);
    if (can_repeat) continue;
    if (is_whole && !is_beyond) break;
    const char* const text = handle_->error;
    refuse(wanted, state.url, *text != '\0' ? text : curl_easy_strerror(state.code));
  }
  // The rest of a body that is whole now.
  if (state.answer.status == status_partial) state.answer.status = status_ok;
  if (!state.answer.is_good()) state.answer.body = std::move(state.excuse);
  state.answer.url = state.url;
  return std::move(state.answer);
}

}  // namespace client
