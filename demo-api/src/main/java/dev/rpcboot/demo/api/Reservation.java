package dev.rpcboot.demo.api;

import java.time.Duration;
import java.util.UUID;

/**
 * Pieces that were set aside.
 *
 * @param id names the reservation
 * @param sku number of the article
 * @param quantity how many pieces
 * @param validFor for how long they are kept
 */
public record Reservation(UUID id, String sku, int quantity, Duration validFor) {
}
