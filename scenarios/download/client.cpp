// The blocking client by Boost.Beast. A body that ends before its header's length is partial_message, a connection that
// was closed without an answer end_of_stream: either way the connection is made anew, and with Length::checked the file
// is asked for again. With Length::ignored half a body is saved as if it were whole: the mistake of one scenario.
#include "scenarios/download/client.h"

#include <optional>
#include <stdexcept>
#include <string>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;

struct Client::Parts {
  tcp::endpoint server;
  const SavedFiles& files;
  Length length;
  asio::io_context loop{1};  // only there because a socket wants one: nothing runs on it
  std::optional<tcp::socket> connection = std::nullopt;
  boost::beast::flat_buffer buffer = {};
  Tally tally = {};

  // Whether the file is saved.
  bool try_to_fetch(std::size_t number) {
    if (!connection) {
      connection.emplace(loop);
      connection->connect(server);
      connection->set_option(tcp::no_delay(true));
      connection->set_option(tcp::socket::linger(true, 0));  // else thousands of closed ones keep their ports
      buffer.clear();
    }
    http::write(*connection, http::request<http::empty_body>(http::verb::get, "/" + std::to_string(number), 11));
    http::response_parser<http::string_body> response;
    boost::system::error_code error;
    http::read(*connection, buffer, response, error);
    if (error == http::error::partial_message || error == http::error::end_of_stream) {
      connection.reset();
      if (length == Length::checked) {
        ++tally.truncated;
        return false;
      }
    } else if (error) {
      throw boost::system::system_error(error);
    }
    if (response.get().result() == http::status::service_unavailable) {
      ++tally.refused;
      return false;
    }
    if (response.get().result() != http::status::ok) throw std::runtime_error("the server has no such file");
    files.save(number, response.get().body());
    ++tally.saved;
    return true;
  }
};

Client::Client(std::uint16_t port, const SavedFiles& files, Length length)
    : parts_(new Parts{tcp::endpoint(asio::ip::address_v4::loopback(), port), files, length}) {}
Client::~Client() = default;

void Client::fetch(std::size_t number) {
  constexpr int most_tries = 100;  // with 64 at once, chance may refuse one of them many times
  for (int tries = 1; !parts_->try_to_fetch(number); ++tries)
    if (tries == most_tries) throw std::runtime_error("the server did not serve a file after 100 tries");
}
const Tally& Client::tally() const { return parts_->tally; }
