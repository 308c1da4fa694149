// SPDX-FileCopyrightText: The nv2 authors
// SPDX-License-Identifier: Apache-2.0
//
// One transfer with libcurl.
#include "http.hpp"

#include <memory>
#include <new>

#include <curl/curl.h>
#include <fmt/format.h>

#include "errors.hpp"

namespace client {
namespace {

constexpr long max_redirects = 5, connect_seconds = 10, first_good_status = 200,
               first_redirect_status = 300;

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

struct curl_deleter {
  void operator()(CURL* handle) const noexcept { curl_easy_cleanup(handle); }
};
using curl_handle = std::unique_ptr<CURL, curl_deleter>;

/// An answer that arrives in pieces.
struct answer {
  byte_buffer content;
  std::size_t limit;
  bool is_too_large = false;

  static std::size_t receive(char* data, std::size_t size, std::size_t count, void* self) noexcept {
    answer& out = *static_cast<answer*>(self);
    const std::size_t length = size * count;
    out.is_too_large = length > out.limit - out.content.size();
    if (out.is_too_large) return 0;
    try {
      out.content.insert(out.content.end(), data, data + length);
    } catch (const std::bad_alloc&) {
      return 0;
    }
    return length;
  }
};

curl_handle make_handle() {
  static const curl_library library;
  curl_handle out;
  if (library.works()) out.reset(curl_easy_init());
  if (out == nullptr) throw std::bad_alloc();
  return out;
}

/// The words after `prefix`, the case of which does not count; "" when it is no prefix.
std::string_view after(std::string_view text, std::string_view prefix) {
  if (text.size() < prefix.size()) return {};
  for (std::size_t i = 0; i < prefix.size(); ++i) {
    const char c = text[i];
    const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    if (lower != prefix[i]) return {};
  }
  return text.substr(prefix.size());
}

void configure(CURL* handle, const std::string& url, const http_options& options, answer& into,
               char* error) {
  curl_easy_setopt(handle, CURLOPT_URL, url.c_str());
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  // What nobody on the way could change stays so.
  const bool is_safe = !after(url, "https://").empty();
  curl_easy_setopt(handle, CURLOPT_REDIR_PROTOCOLS_STR, is_safe ? "https" : "http,https");
  curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 1L);
  curl_easy_setopt(handle, CURLOPT_MAXREDIRS, max_redirects);
  curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT, connect_seconds);
  curl_easy_setopt(handle, CURLOPT_TIMEOUT, options.timeout);
  curl_easy_setopt(handle, CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(options.limit));
  curl_easy_setopt(handle, CURLOPT_USERAGENT, "nv2");
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, error);
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, answer::receive);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, &into);
}

[[noreturn]] void refuse(const std::string& url, std::string_view role, const std::string& why) {
  throw failure(exit_code::unavailable, fmt::format("cannot get the {}: {}: {}", role, why, url),
                {next_step("check the network, or get it another way and give it as a file")});
}

}  // namespace

bool is_web_url(std::string_view url) {
  std::string_view rest = after(url, "https://");
  if (rest.empty()) rest = after(url, "http://");
  for (const char c : url) {
    if (c <= ' ' || c == '\x7F') return false;
  }
  return !rest.empty() && rest.front() != '/';
}

byte_buffer http_get(const std::string& url, std::string_view role, const http_options& options) {
  if (!is_web_url(url)) {
    throw failure(exit_code::usage, fmt::format("not an address of the web: {}", url),
                  {next_step("give one that begins with https:// or http://")});
  }
  if (options.offline) refuse(url, role, "--offline forbids it");
  const curl_handle handle = make_handle();
  char error[CURL_ERROR_SIZE] = "";
  answer got{{}, options.limit};
  configure(handle.get(), url, options, got, error);
  const CURLcode code = curl_easy_perform(handle.get());
  if (got.is_too_large || code == CURLE_FILESIZE_EXCEEDED) {
    refuse(url, role, fmt::format("it has more than {} bytes", options.limit));
  }
  if (code != CURLE_OK) refuse(url, role, *error != '\0' ? error : curl_easy_strerror(code));
  long status = 0;
  curl_easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &status);
  if (status < first_good_status || status >= first_redirect_status) {
    refuse(url, role, fmt::format("the server answers with status {}", status));
  }
  return std::move(got.content);
}

}  // namespace client
