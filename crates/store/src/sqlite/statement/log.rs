//! Events and the public log.

use super::{Kind, Statement};

statements! { ALL_OF_LOG;
    // ── audit ───────────────────────────────────────────────────────────────────────────────────
    SingleBucket audit_sequence ADVANCE_SEQUENCE
        "UPDATE audit_sequence SET last_sequence = last_sequence + 1 WHERE bucket = ?1"
    SingleBucket audit_sequence FIRST_SEQUENCE
        "INSERT INTO audit_sequence (bucket, last_sequence) VALUES (?1, 1)"
    SingleBucket audit_sequence LAST_SEQUENCE
        "SELECT last_sequence FROM audit_sequence WHERE bucket = ?1"
    SingleBucket audit_event INSERT_EVENT
        "INSERT INTO audit_event (bucket, sequence, person, body, salt, receipt_digest, receipt_day,
                                  sealed_receipt)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
    SingleBucket pending_leaf INSERT_PENDING_LEAF
        "INSERT INTO pending_leaf (bucket, sequence) VALUES (?1, ?2)"
    SingleBucket audit_event EVENTS
        "SELECT bucket, sequence, person, body, salt, receipt_digest FROM audit_event
         WHERE bucket = ?1 AND sequence >= ?2 ORDER BY sequence LIMIT ?3"
    SingleBucket audit_event EVENTS_OF
        "SELECT bucket, sequence, person, body, salt, receipt_digest FROM audit_event
         WHERE bucket = ?1 AND person = ?2 ORDER BY sequence DESC LIMIT ?3"

    // ── log ─────────────────────────────────────────────────────────────────────────────────────
    Log audit_event PENDING_LEAVES
        "SELECT p.leaf, p.bucket, p.sequence, e.person, e.body, e.salt, e.receipt_digest
         FROM pending_leaf p
         LEFT JOIN audit_event e ON e.bucket = p.bucket AND e.sequence = p.sequence
         WHERE p.leaf IS NOT NULL OR e.body IS NOT NULL
         ORDER BY p.rowid LIMIT ?1"
    SingleBucket audit_event PENDING_IN
        "SELECT p.leaf, p.bucket, p.sequence, e.person, e.body, e.salt, e.receipt_digest
         FROM pending_leaf p
         LEFT JOIN audit_event e ON e.bucket = ?1 AND e.sequence = p.sequence
         WHERE p.bucket = ?1 AND p.sequence >= ?2 AND (p.leaf IS NOT NULL OR e.body IS NOT NULL)
         ORDER BY p.sequence LIMIT ?3"
    SingleBucket pending_leaf DELETE_PENDING_LEAF
        "DELETE FROM pending_leaf WHERE bucket = ?1 AND sequence = ?2"
    Log log_leaf INSERT_LEAF
        "INSERT INTO log_leaf (bucket, commitment, blinded, leaf_index) VALUES (?1, ?2, ?3, ?4)"
    Log log_leaf LEAF_OF
        "SELECT commitment, blinded, leaf_index FROM log_leaf WHERE bucket = ?1 AND commitment = ?2"
    Log log_leaf LEAVES
        "SELECT commitment, blinded, leaf_index FROM log_leaf
         WHERE leaf_index >= ?1 ORDER BY leaf_index LIMIT ?2"
    Log log_tile PUT_TILE
        "INSERT INTO log_tile (level, tile_index, hashes) VALUES (?1, ?2, ?3)
         ON CONFLICT (level, tile_index) DO UPDATE SET hashes = excluded.hashes"
    Log log_tile TILE
        "SELECT level, tile_index, hashes FROM log_tile WHERE level = ?1 AND tile_index = ?2"
    Log log_tile TILES
        "SELECT level, tile_index, hashes FROM log_tile
         WHERE level = ?1 AND tile_index >= ?2 ORDER BY tile_index LIMIT ?3"
    Log log_checkpoint PUT_CHECKPOINT
        "INSERT INTO log_checkpoint (tree_size, note) VALUES (?1, ?2)
         ON CONFLICT (tree_size) DO UPDATE SET note = excluded.note"
    Log log_checkpoint TREE_SIZE
        "SELECT tree_size FROM log_checkpoint ORDER BY tree_size DESC LIMIT 1"
    Log log_checkpoint CHECKPOINT
        "SELECT note FROM log_checkpoint ORDER BY tree_size DESC LIMIT 1"
    Log log_checkpoint CHECKPOINTS
        "SELECT tree_size, note FROM log_checkpoint
         WHERE tree_size >= ?1 ORDER BY tree_size LIMIT ?2"
}
