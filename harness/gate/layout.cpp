#include "harness/gate/layout.h"

#include <algorithm>
#include <atomic>
#include <iterator>
#include <random>
#include <sstream>

#include <fmt/format.h>

#include "harness/model/files.h"
#include "harness/model/mixing.h"
#include "harness/supervisor/process.h"

namespace chicane {
namespace {

namespace fs = std::filesystem;

constexpr const char* out_word = "@OUT@";

struct Ran {
  bool good = false;
  std::string output, errors;  // their ends
};
Ran run(std::vector<std::string> words) {
  ProcessRequest request;
  request.command = {"/usr/bin/env"};
  std::ranges::move(words, std::back_inserter(request.command));
  const std::atomic<bool> never_stop{false};
  const auto outcome = run_process(request, never_stop);
  if (!outcome) return {false, {}, outcome.error().message};
  return {outcome->exit_code == 0, outcome->stdout_tail, outcome->stderr_tail};
}

fs::path tree_of(const fs::path& plugin) {
  std::error_code error;
  for (auto folder = plugin.parent_path(); folder.has_relative_path(); folder = folder.parent_path())
    if (fs::exists(folder / "build.ninja", error)) return folder;
  return {};
}

}  // namespace

Layouts::~Layouts() {
  std::error_code error;  // what is left behind does no harm
  fs::remove_all(folder_, error);
}

const Layouts::Link* Layouts::link_of(const std::string& plugin) {
  const auto [at, is_new] = links_.try_emplace(plugin);
  auto& link = at->second;
  if (is_new) {
    link.tree = tree_of(plugin);
    const auto target = link.tree.empty() ? fs::path() : fs::path(plugin).lexically_relative(link.tree);
    const auto told =
        target.empty() ? Ran{} : run({"ninja", "-C", link.tree.string(), "-t", "commands", target.string()});
    if (told.good) {
      // The last command is the plugin's own: ": && COMPILER … && :".
      const auto last = told.output.substr(told.output.find_last_of('\n', told.output.size() - 2) + 1);
      std::istringstream words(last);
      bool has_output = false, understood = last.find_first_of("'\"\\$`;|<>") == std::string::npos;
      for (std::string word; words >> word;) {
        if (word == ":" || (word == "&&" && link.words.empty())) continue;
        if (word == "&&") break;  // what is done afterwards is not for these
        if (word == target.string() && !link.words.empty() && link.words.back() == "-o") {
          word = out_word;
          has_output = true;
        }
        if (word.ends_with(".o")) link.objects.push_back(link.words.size());
        link.words.push_back(word);
      }
      if (!has_output || !understood || link.objects.empty()) link.words.clear();
    }
  }
  return link.words.empty() ? nullptr : &link;
}

bool Layouts::can_relink(const DuetPair& pair) {
  return link_of(pair.baseline.request.plugin) != nullptr && link_of(pair.candidate.request.plugin) != nullptr;
}

Result<std::string> Layouts::linked(const std::string& plugin, std::uint64_t layout) {
  const auto [at, is_new] = made_.try_emplace({plugin, layout});
  if (!is_new && !at->second.empty()) return at->second;
  const auto cannot = [&](const std::string& why) {
    return failure(fmt::format("{}: linking it again in another order failed: {}", plugin, why));
  };
  const auto* const link = link_of(plugin);
  if (link == nullptr) return cannot("its link command is not known");
  std::mt19937_64 random(mixed_seed(fnv1a(plugin), layout));
  const auto folder = folder_ / fmt::format("{:016x}-{}", fnv1a(plugin), layout);
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return cannot(error.message());
  // In multiples of the alignment of functions; code that came first no longer does.
  const auto padding = 16 * (1 + random() % 255);
  const auto source = (folder / "padding.s").string();
  if (auto written =
          write_file(source, fmt::format(".section .note.GNU-stack,\"\",@progbits\n.text\n.skip {}, 0x90\n", padding));
      !written)
    return std::unexpected(std::move(written.error()));
  const auto object = (folder / "padding.o").string();
  if (const auto ran = run({link->words.front(), "-c", source, "-o", object}); !ran.good) return cannot(ran.errors);
  std::vector<std::string> objects;
  for (const auto position : link->objects) objects.push_back(link->words[position]);
  std::ranges::shuffle(objects, random);
  const auto output = (folder / fs::path(plugin).filename()).string();
  std::vector<std::string> command{"-C", link->tree.string()};  // env's own: where the command is called
  for (std::size_t i = 0, next = 0; i < link->words.size(); ++i) {
    if (next < link->objects.size() && link->objects[next] == i) {
      if (next == 0) command.push_back(object);
      command.push_back(objects[next++]);
    } else {
      command.push_back(link->words[i] == out_word ? output : link->words[i]);
    }
  }
  if (const auto ran = run(std::move(command)); !ran.good) return cannot(ran.errors);
  return at->second = output;
}

Result<void> Layouts::relink(DuetPair& pair, std::uint64_t seed) {
  for (auto* const plan : {&pair.baseline, &pair.candidate}) {
    auto file = linked(plan->request.plugin, seed % layouts);
    if (!file) return std::unexpected(std::move(file.error()));
    plan->request.plugin = *file;
  }
  return {};
}

}  // namespace chicane
