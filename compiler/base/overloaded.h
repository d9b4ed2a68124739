// A visitor for std::visit, made of lambdas.
#pragma once

namespace tunec {

template <class... Fs>
struct overloaded : Fs... {
  using Fs::operator()...;
};
template <class... Fs>
overloaded(Fs...) -> overloaded<Fs...>;

}  // namespace tunec
