import ai.djl.engine.Engine;
import ai.djl.huggingface.tokenizers.jni.LibUtils;

/// Has DJL unpack its native libraries into `DJL_CACHE_DIR`, as the first use would.
class Unpack {

  public static void main(String[] args) {
    System.out.println(Engine.getEngine("PyTorch").getEngineName());
    LibUtils.checkStatus();
  }
}
