"""確認手段の解除: the factors of somebody who has lost them, proposed by one 担当者, approved by another."""
