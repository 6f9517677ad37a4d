package io.tuneplane.runner.train;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import ai.djl.ndarray.NDArray;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/// What the trainer must not use of DJL.
class KernelRulesTest {

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.tuneplane.runner.train");

  @Test
  void noArithmeticWithAJavaNumber() {
    noClasses()
        .should()
        .callMethodWhere(
            DescribedPredicate.describe(
                "the target is a method of NDArray that takes a Number",
                (JavaMethodCall call) ->
                    call.getTargetOwner().isAssignableTo(NDArray.class)
                        && call.getTarget().getRawParameterTypes().stream()
                            .anyMatch(t -> t.isAssignableTo(Number.class))))
        .because(
            "DJL 0.35.1 frees the number's memory before autograd reads it, and gradients are wrong"
                + " in silence")
        .check(CLASSES);
  }

  @Test
  void noAutomaticDifferentiation() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAPackage("ai.djl.training..")
        .because("the backward pass is written out, and tested against finite differences")
        .check(CLASSES);
  }
}
