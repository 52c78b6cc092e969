// The parts of std::map, std::set and std::list that libstdc++ has compiled: how their nodes are linked. Changing such
// a container races with any other use of it ([container.requirements.dataraces]), but the callers' own part touches
// other members than a lookup does, and would tell nothing.
#include <cstddef>
#include <cstdint>

#include "harness/explore/interpose/stands_for.h"

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

CHICANE_STANDS_FOR(void, tree_insert, "_ZSt29_Rb_tree_insert_and_rebalancebPSt18_Rb_tree_node_baseS0_RS_",
                   (bool left, TreeNode* node, TreeNode* parent, TreeNode& header)) {
  CHICANE_TOLD {
    told.writes(&header);
    if (parent != &header) told.writes(parent);
  }
  CHICANE_NEXT(tree_insert)(left, node, parent, header);
}
CHICANE_STANDS_FOR(TreeNode*, tree_erase, "_ZSt28_Rb_tree_rebalance_for_erasePSt18_Rb_tree_node_baseRS_",
                   (TreeNode * node, TreeNode& header)) {
  CHICANE_TOLD {
    told.writes(&header);
    told.writes(node);
  }
  return CHICANE_NEXT(tree_erase)(node, header);
}

#define CHICANE_TREE_STEP(name, symbol)                                       \
  CHICANE_STANDS_FOR(const TreeNode*, name, symbol, (const TreeNode* node)) { \
    CHICANE_TOLD told.reads(node);                                            \
    return CHICANE_NEXT(name)(node);                                          \
  }
CHICANE_TREE_STEP(tree_next, "_ZSt18_Rb_tree_incrementPSt18_Rb_tree_node_base")
CHICANE_TREE_STEP(tree_next_const, "_ZSt18_Rb_tree_incrementPKSt18_Rb_tree_node_base")
CHICANE_TREE_STEP(tree_previous, "_ZSt18_Rb_tree_decrementPSt18_Rb_tree_node_base")
CHICANE_TREE_STEP(tree_previous_const, "_ZSt18_Rb_tree_decrementPKSt18_Rb_tree_node_base")

CHICANE_STANDS_FOR(void, list_hook, "_ZNSt8__detail15_List_node_base7_M_hookEPS0_",
                   (ListNode * node, ListNode* before)) {
  CHICANE_TOLD {
    told.writes(node);
    told.writes(&before->previous->next);
    told.writes(&before->previous);
  }
  CHICANE_NEXT(list_hook)(node, before);
}
CHICANE_STANDS_FOR(void, list_unhook, "_ZNSt8__detail15_List_node_base9_M_unhookEv", (ListNode * node)) {
  CHICANE_TOLD {
    told.reads(node);
    told.writes(&node->previous->next);
    told.writes(&node->next->previous);
  }
  CHICANE_NEXT(list_unhook)(node);
}
