#include "harness/statistics/scalability.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <boost/math/distributions/students_t.hpp>
#include <fmt/format.h>

namespace chicane {
namespace {

template <std::size_t terms>
using Vector = std::array<double, terms>;
template <std::size_t terms>
using Matrix = std::array<Vector<terms>, terms>;

template <std::size_t terms>
Vector<terms> terms_of(double n) {
  const std::array<double, 3> all{1, n - 1, n * (n - 1)};
  Vector<terms> own;
  std::copy_n(all.begin(), terms, own.begin());
  return own;
}
template <std::size_t terms>
double product(const Vector<terms>& a, const Vector<terms>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < terms; ++i) sum += a[i] * b[i];
  return sum;
}

// Gauss–Jordan with pivots; nothing of a singular one.
template <std::size_t terms>
std::optional<Matrix<terms>> inverse(Matrix<terms> matrix) {
  Matrix<terms> result{};
  for (std::size_t i = 0; i < terms; ++i) result[i][i] = 1;
  for (std::size_t column = 0; column < terms; ++column) {
    std::size_t pivot = column;
    for (std::size_t row = column + 1; row < terms; ++row)
      if (std::abs(matrix[row][column]) > std::abs(matrix[pivot][column])) pivot = row;
    if (!(std::abs(matrix[pivot][column]) > 0)) return std::nullopt;
    std::swap(matrix[pivot], matrix[column]), std::swap(result[pivot], result[column]);
    const double by = matrix[column][column];
    for (std::size_t i = 0; i < terms; ++i) matrix[column][i] /= by, result[column][i] /= by;
    for (std::size_t row = 0; row < terms; ++row) {
      if (row == column) continue;
      const double times = matrix[row][column];
      for (std::size_t i = 0; i < terms; ++i)
        matrix[row][i] -= times * matrix[column][i], result[row][i] -= times * result[column][i];
    }
  }
  return result;
}

template <std::size_t terms>
struct Line {  // μ(n) = coefficients · terms(n)
  Vector<terms> coefficients{};
  Matrix<terms> covariance{};
  double t = 0;  // Student's, for 95 % of its degrees of freedom
  double largest_misfit = 0;
};

template <std::size_t terms>
std::optional<Line<terms>> fit_line(std::span<const FitPoint> points) {
  if (points.size() <= terms) return std::nullopt;
  // In units of the first point, so that no figure is very large or small.
  std::vector<double> y;
  for (const auto& point : points) y.push_back(point.size / point.operations_per_second);
  const double unit = y.front();
  for (double& value : y) value /= unit;
  std::vector<double> mu = y;
  Line<terms> line;
  Matrix<terms> inverted{};
  // Each step moves the weights by the share that the fit moves; a dozen are enough for any that converges.
  for (int step = 0; step < 50; ++step) {
    Matrix<terms> normal{};
    Vector<terms> right{};
    for (std::size_t i = 0; i < points.size(); ++i) {
      const auto x = terms_of<terms>(points[i].size);
      const double weight = 1 / (mu[i] * mu[i]);
      for (std::size_t j = 0; j < terms; ++j) {
        right[j] += weight * x[j] * y[i];
        for (std::size_t k = 0; k < terms; ++k) normal[j][k] += weight * x[j] * x[k];
      }
    }
    const auto solved = inverse(normal);
    if (!solved) return std::nullopt;
    inverted = *solved;
    for (std::size_t j = 0; j < terms; ++j) line.coefficients[j] = product(inverted[j], right);
    for (std::size_t i = 0; i < points.size(); ++i) {
      mu[i] = product(line.coefficients, terms_of<terms>(points[i].size));
      if (!(mu[i] > 0)) return std::nullopt;  // no throughput is below 0
    }
  }
  double squares = 0;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const double misfit = y[i] / mu[i] - 1;
    squares += misfit * misfit;
    // As a share of the law's throughput, not of its reciprocal.
    line.largest_misfit = std::max(line.largest_misfit, std::abs(mu[i] / y[i] - 1));
  }
  const auto freedom = static_cast<double>(points.size() - terms);
  line.t = quantile(boost::math::students_t(freedom), 0.975);
  for (std::size_t j = 0; j < terms; ++j) {
    line.coefficients[j] *= unit;
    for (std::size_t k = 0; k < terms; ++k) line.covariance[j][k] = inverted[j][k] * squares / freedom * unit * unit;
  }
  return line;
}

// Of coefficient j by the first one: all ρ with (b − ρa)² ≤ t²·Var(b − ρa). Nothing where that is no finite interval,
// because a itself may be 0.
template <std::size_t terms>
std::optional<Fitted> ratio_to_first(const Line<terms>& line, std::size_t j) {
  const double a = line.coefficients[0], b = line.coefficients[j], tt = line.t * line.t;
  const double square = a * a - tt * line.covariance[0][0];
  if (!(a > 0) || !(square > 0)) return std::nullopt;
  const double middle = a * b - tt * line.covariance[0][j];
  const double rest = b * b - tt * line.covariance[j][j];
  const double root = std::sqrt(std::max(0.0, middle * middle - square * rest));
  return Fitted{b / a, (middle - root) / square, (middle + root) / square};
}

template <std::size_t terms>
std::optional<ScalabilityLaw> fit_law(std::span<const FitPoint> points) {
  const auto line = fit_line<terms>(points);
  if (!line) return std::nullopt;
  const auto contention = ratio_to_first(*line, 1);
  if (!contention) return std::nullopt;
  ScalabilityLaw law;
  law.contention = *contention;
  if constexpr (terms > 2) law.coherence = ratio_to_first(*line, 2).value();  // its denominator is the same
  const double a = line->coefficients[0], off = line->t * std::sqrt(line->covariance[0][0]);
  law.one_alone = {1 / a, 1 / (a + off), 1 / (a - off)};  // a > off, or there were no contention
  law.largest_misfit = line->largest_misfit;
  return law;
}

// What a fit is of, and what is wrong with it.
struct Group {
  Fit fit;
  std::string wrong;
};

void fit_group(Group& group) {
  auto& fit = group.fit;
  std::ranges::sort(fit.points, {}, &FitPoint::size);
  if (!group.wrong.empty()) {
    fit.why_not = "a wrong answer has no speed: " + group.wrong;
  } else if (fit.points.size() < points_for_a_fit) {
    fit.why_not = fmt::format("it was measured at {} size{}, and a fit takes {}", fit.points.size(),
                              fit.points.size() == 1 ? "" : "s", points_for_a_fit);
  }
  if (!fit.why_not.empty()) return;
  const auto law = fit_universal(fit.points);
  if (!law) {
    fit.why_not = "the points scatter too much about any such law";
    return;
  }
  fit.one_alone = law->one_alone;
  fit.contention = law->contention;
  fit.coherence = law->coherence;
  fit.largest_misfit = law->largest_misfit;
  if (const auto amdahl = fit_amdahl(fit.points)) fit.serial_share = amdahl->contention;
  if (law->coherence.low <= 0 && law->coherence.high >= 0) {
    fit.why_no_peak = "the interval of its coherence spans 0, so it is not known whether there is one";
  } else if (law->coherence.high < 0) {
    fit.why_no_peak = "its coherence is below 0: it grows faster than any such law";
  } else if (law->contention.value >= 1) {
    fit.why_no_peak = "one worker alone is the fastest";
  } else {
    const double size = std::max(1.0, std::sqrt((1 - law->contention.value) / law->coherence.value));
    fit.peak_size = size;
    fit.peak_operations_per_second = law->throughput(size);
  }
}

}  // namespace

double ScalabilityLaw::throughput(double size) const {
  return one_alone.value * size / (1 + contention.value * (size - 1) + coherence.value * size * (size - 1));
}

std::optional<ScalabilityLaw> fit_universal(std::span<const FitPoint> points) { return fit_law<3>(points); }
std::optional<ScalabilityLaw> fit_amdahl(std::span<const FitPoint> points) { return fit_law<2>(points); }

std::vector<Fit> fit_scaling(const Run& run) {
  std::vector<Group> groups;
  for (const auto& summary : run.summaries) {
    const auto scenario = std::ranges::find(run.scenarios, summary.scenario, &Scenario::id);
    if (scenario == run.scenarios.end() || scenario->scales_with.empty()) continue;
    const auto throughput = summary.measures.find("operations_per_second");
    if (throughput == summary.measures.end() || !(throughput->second.median > 0)) continue;
    const auto& with = scenario->scales_with;
    auto args = summary.parameters.args;
    std::int64_t size = summary.parameters.workers;
    bool oversubscribed = summary.oversubscribed;
    if (with != "workers") {
      size = args[with];
      args.erase(with);
      const auto host = std::ranges::find(run.hosts, summary.host, &Host::id);
      if (!run.hosts.empty()) oversubscribed = size > (host == run.hosts.end() ? run.hosts.front() : *host).cores;
    }
    if (size < 1) continue;
    auto group = std::ranges::find_if(groups, [&](const Group& other) {
      return other.fit.scenario == summary.scenario && other.fit.worker_kind == summary.parameters.worker_kind &&
             other.fit.args == args && other.fit.host == summary.host && other.fit.build == summary.build;
    });
    if (group == groups.end()) {
      Fit fit;
      fit.scenario = summary.scenario;
      fit.worker_kind = summary.parameters.worker_kind;
      fit.with = with;
      fit.args = std::move(args);
      fit.host = summary.host;
      fit.build = summary.build;
      group = groups.insert(groups.end(), {std::move(fit), ""});
    }
    group->fit.points.push_back({static_cast<std::uint32_t>(size), throughput->second.median, oversubscribed});
    if (group->wrong.empty()) group->wrong = summary.why_not_ranked;
  }
  std::vector<Fit> fits;
  for (auto& group : groups) {
    fit_group(group);
    fits.push_back(std::move(group.fit));
  }
  return fits;
}

}  // namespace chicane
