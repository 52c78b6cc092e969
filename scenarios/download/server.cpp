// The server by Asio's coroutines: one accepts, and each connection has one that answers its requests in order. One
// thread runs them all, so that a delay of one holds up no other, and `requests` needs no lock; the counts that other
// threads ask for are atomic.
#include "scenarios/download/server.h"

#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include "scenarios/async/coroutines.h"
#include "scenarios/download/files.h"

namespace http = boost::beast::http;
using asio::ip::tcp;

struct FileServer::Parts {
  Parts(std::chrono::milliseconds between, Manners how) : delay(between), manners(how) {}

  std::chrono::milliseconds delay;
  Manners manners;
  std::vector<std::string> files;
  asio::io_context loop{1};
  tcp::acceptor acceptor{loop, tcp::endpoint(asio::ip::address_v4::loopback(), 0)};
  std::uint64_t requests = 0;  // touched by the thread below only
  std::atomic<std::uint64_t> refused{0}, truncated{0};
  std::thread thread;

  Task<> accept() {
    while (true)
      asio::co_spawn(loop, serve(co_await acceptor.async_accept(asio::use_awaitable)), [](const std::exception_ptr&) {
        // The client went away: no more to do for it.
      });
  }
  Task<> serve(tcp::socket client) {
    client.set_option(tcp::no_delay(true));
    boost::beast::flat_buffer buffer;
    while (true) {
      http::request<http::empty_body> request;
      co_await http::async_read(client, buffer, request, asio::use_awaitable);
      const bool badly = ++requests % 10 == 0;
      co_await wait_for(delay);
      const auto number = std::strtoul(request.target().substr(1).to_string().c_str(), nullptr, 10);
      http::response<http::string_body> response{http::status::ok, request.version()};
      if (number >= files.size()) {
        response.result(http::status::not_found);
      } else if (badly && manners == Manners::refuses_one_in_ten) {
        response.result(http::status::service_unavailable);
        ++refused;
      } else {
        response.body() = files[number];
      }
      response.prepare_payload();
      if (badly && manners == Manners::truncates_one_in_ten) {
        ++truncated;
        response.body().resize(response.body().size() / 2);  // the header still promises all of it
        co_await http::async_write(client, response, asio::use_awaitable);
        client.shutdown(tcp::socket::shutdown_both);  // not only close(): a forked process may have the socket, too
        co_return;
      }
      co_await http::async_write(client, response, asio::use_awaitable);
    }
  }
};

FileServer::FileServer(std::chrono::milliseconds delay, Manners manners)
    : parts_(std::make_unique<Parts>(delay, manners)) {
  for (std::size_t i = 0; i < file_count; ++i) parts_->files.push_back(content_of_file(i));
  asio::co_spawn(parts_->loop, parts_->accept(), [](const std::exception_ptr&) {});
  parts_->thread = std::thread([this] { parts_->loop.run(); });
}
FileServer::~FileServer() {
  parts_->loop.stop();
  parts_->thread.join();
}

std::uint16_t FileServer::port() const { return parts_->acceptor.local_endpoint().port(); }
std::uint64_t FileServer::refused() const { return parts_->refused; }
std::uint64_t FileServer::truncated() const { return parts_->truncated; }
