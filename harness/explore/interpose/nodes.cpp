// The parts of std::map, std::set and std::list that libstdc++ has compiled: how their nodes are linked. Changing such
// a container races with any other use of it ([container.requirements.dataraces]), but the callers' own part touches
// other members than a lookup does, and would tell nothing.
#include <cstddef>
#include <cstdint>

#include "harness/explore/interpose/call.h"
#include "harness/explore/library_access.h"

using namespace chicane::explore;

namespace {

// As in <bits/stl_tree.h> and <bits/stl_list.h>, whose layouts are part of libstdc++'s ABI.
struct TreeNode {
  long colour;
  TreeNode *parent, *left, *right;
};
struct ListNode {
  ListNode *next, *previous;
};

}  // namespace

#define CHICANE_NODES(result, name, symbol, parameters)                                                       \
  CHICANE_EXPORT result chicane_##name parameters __asm__(symbol);                                            \
  static result(*next_##name) parameters = nullptr;                                                           \
  static auto real_##name() {                                                                                 \
    if (next_##name == nullptr) next_##name = reinterpret_cast<decltype(next_##name)>(next_function(symbol)); \
    return next_##name;                                                                                       \
  }                                                                                                           \
  CHICANE_EXPORT result chicane_##name parameters

CHICANE_NODES(void, tree_insert, "_ZSt29_Rb_tree_insert_and_rebalancebPSt18_Rb_tree_node_baseS0_RS_",
              (bool left, TreeNode* node, TreeNode* parent, TreeNode& header)) {
  if (const auto pc = CHICANE_CALLER; called_by_code_under_test(pc)) {
    library_writes(&header, sizeof header, pc);
    if (parent != &header) library_writes(parent, sizeof *parent, pc);
  }
  real_tree_insert()(left, node, parent, header);
}
CHICANE_NODES(TreeNode*, tree_erase, "_ZSt28_Rb_tree_rebalance_for_erasePSt18_Rb_tree_node_baseRS_",
              (TreeNode * node, TreeNode& header)) {
  if (const auto pc = CHICANE_CALLER; called_by_code_under_test(pc)) {
    library_writes(&header, sizeof header, pc);
    library_writes(node, sizeof *node, pc);
  }
  return real_tree_erase()(node, header);
}
CHICANE_NODES(TreeNode*, tree_next, "_ZSt18_Rb_tree_incrementPSt18_Rb_tree_node_base", (TreeNode * node)) {
  if (const auto pc = CHICANE_CALLER; called_by_code_under_test(pc)) library_reads(node, sizeof *node, pc);
  return real_tree_next()(node);
}
CHICANE_NODES(const TreeNode*, tree_next_const, "_ZSt18_Rb_tree_incrementPKSt18_Rb_tree_node_base",
              (const TreeNode* node)) {
  if (const auto pc = CHICANE_CALLER; called_by_code_under_test(pc)) library_reads(node, sizeof *node, pc);
  return real_tree_next_const()(node);
}
CHICANE_NODES(TreeNode*, tree_previous, "_ZSt18_Rb_tree_decrementPSt18_Rb_tree_node_base", (TreeNode * node)) {
  if (const auto pc = CHICANE_CALLER; called_by_code_under_test(pc)) library_reads(node, sizeof *node, pc);
  return real_tree_previous()(node);
}
CHICANE_NODES(const TreeNode*, tree_previous_const, "_ZSt18_Rb_tree_decrementPKSt18_Rb_tree_node_base",
              (const TreeNode* node)) {
  if (const auto pc = CHICANE_CALLER; called_by_code_under_test(pc)) library_reads(node, sizeof *node, pc);
  return real_tree_previous_const()(node);
}
CHICANE_NODES(void, list_hook, "_ZNSt8__detail15_List_node_base7_M_hookEPS0_", (ListNode * node, ListNode* before)) {
  if (const auto pc = CHICANE_CALLER; called_by_code_under_test(pc)) {
    library_writes(node, sizeof *node, pc);
    library_writes(&before->previous->next, sizeof(ListNode*), pc);
    library_writes(&before->previous, sizeof(ListNode*), pc);
  }
  real_list_hook()(node, before);
}
CHICANE_NODES(void, list_unhook, "_ZNSt8__detail15_List_node_base9_M_unhookEv", (ListNode * node)) {
  if (const auto pc = CHICANE_CALLER; called_by_code_under_test(pc)) {
    library_reads(node, sizeof *node, pc);
    library_writes(&node->previous->next, sizeof(ListNode*), pc);
    library_writes(&node->next->previous, sizeof(ListNode*), pc);
  }
  real_list_unhook()(node);
}
