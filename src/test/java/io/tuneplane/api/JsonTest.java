package io.tuneplane.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.tuneplane.backend.Method;
import io.tuneplane.cost.Horizon;
import io.tuneplane.cost.Money;
import io.tuneplane.cost.OwnPlan;
import io.tuneplane.cost.PriceUse;
import io.tuneplane.cost.Range;
import io.tuneplane.cost.ServingHours;
import io.tuneplane.decision.Decision;
import io.tuneplane.decision.DecisionJson;
import io.tuneplane.decision.Needs;
import io.tuneplane.decision.Wish;
import io.tuneplane.job.JobEvent;
import io.tuneplane.policy.Attestation;
import io.tuneplane.policy.AuditEvent;
import io.tuneplane.policy.AuditHead;
import io.tuneplane.policy.AuditLine;
import io.tuneplane.policy.AuditReport;
import io.tuneplane.policy.Purpose;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class JsonTest {

  private static final Instant NOW = Instant.parse("2026-11-25T10:00:00Z");

  static Stream<Object> values() {
    OwnPlan plan =
        new OwnPlan(
            OwnPlan.Tuning.FULL,
            new ServingHours.Scheduled(BigDecimal.valueOf(220)),
            2,
            Optional.of(new OwnPlan.People(BigDecimal.TEN, Money.of("80"))));
    CostRequest.Load load =
        new CostRequest.Load(
            Optional.of(Range.parse("1000..2000..5000")),
            Optional.empty(),
            Optional.of(Range.of(150)),
            BigDecimal.ZERO,
            Range.of(0),
            Optional.empty());
    AuditHead head = new AuditHead(7, "ab", "c2ln");
    return Stream.of(
        new DecideRequest(
            new DecideRequest.Data("file-1", Optional.of("file-2"), List.of("hipaa")),
            Wish.model("gpt-4o-mini").withSubstitutes(),
            Method.DPO,
            new Needs(true, Optional.of("europe"), Optional.of(BigDecimal.ONE), Optional.of(NOW)),
            new DecideRequest.Outlook(Optional.of(3), load, Horizon.DEFAULT_MONTHS, plan)),
        new CostRequest(
            new CostRequest.Basis("tuneplane", 12, 7),
            new CostRequest.Volume(Optional.of(10L), Optional.empty(), Optional.of(3)),
            load,
            new CostRequest.Selection(List.of("a"), Optional.empty(), List.of("all")),
            OwnPlan.DEFAULT),
        new Attestation(
            "a.smith",
            LocalDate.EPOCH,
            LocalDate.EPOCH.plusDays(9),
            "BAA-1",
            "hipaa",
            "vertex",
            Purpose.PROMPT,
            Optional.of("us-central1")),
        new AuditLine(
            AuditEvent.of(NOW, AuditEvent.Kind.EGRESS, Map.of("destination", "openai")), head),
        new AuditReport(
            9,
            Optional.of(
                new AuditReport.Finding(3, AuditReport.Tampering.REMOVED, "line 3 is gone")),
            List.of(4L),
            false,
            Optional.of(head)),
        new JobEvent(
            3,
            NOW,
            JobEvent.Type.METRICS,
            JobEvent.Level.INFO,
            "Step 1",
            new LinkedHashMap<>(Map.of("step", 1, "train_loss", 0.5))),
        new KeysApi.Wanted(
            "ci", "trainer", new TreeSet<>(List.of("hipaa")), Optional.of(60L), Optional.empty()));
  }

  @ParameterizedTest
  @MethodSource("values")
  void whatWasWrittenReadsBackTheSame(Object value) throws JsonProcessingException {
    Object read = Json.mapper().readValue(Json.line(value), value.getClass());

    assertThat(read).isEqualTo(value);
  }

  @Test
  void aDecisionReadsBackFromTheFormThatScriptsAreShown() throws JsonProcessingException {
    Decision.Choice choice =
        new Decision.Choice("local", "smollm2", "local/smollm2", Optional.empty());
    Decision decision =
        new Decision(
            Optional.of(choice),
            List.of("It is here."),
            List.of(
                new Decision.Ranked(
                    "local",
                    "smollm2",
                    "local/smollm2",
                    "This machine",
                    new Decision.Amounts(Optional.of("0.10"), Optional.empty(), Optional.empty()),
                    Optional.of(new BigDecimal("0.5")),
                    true,
                    "ready",
                    Optional.empty(),
                    List.of(),
                    new Decision.Basis(
                        List.of(
                            new PriceUse(
                                "x", Optional.of(BigDecimal.ONE), "a page", LocalDate.EPOCH, true)),
                        List.of("note"),
                        List.of(),
                        Optional.empty()))),
            List.of(),
            List.of(new Decision.Change("volume", "more", Optional.of(choice))),
            List.of(),
            List.of(),
            "00");

    assertThat(Json.mapper().treeToValue(DecisionJson.tree(decision), Decision.class))
        .isEqualTo(decision);
  }
}
