import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.util.Arrays;
import org.apache.poi.openxml4j.opc.OPCPackage;
import org.apache.poi.poifs.crypt.dsig.SignatureConfig;
import org.apache.poi.poifs.crypt.dsig.SignatureInfo;

/** Verifies each file many times in one process: per file whether it is good, and first, best and median in seconds. */
public class Warm {
    static boolean good(byte[] data) throws Exception {
        try (OPCPackage file = OPCPackage.open(new ByteArrayInputStream(data))) {
            SignatureConfig config = new SignatureConfig();
            config.setOpcPackage(file);
            SignatureInfo info = new SignatureInfo();
            info.setSignatureConfig(config);
            return info.verifySignature();
        }
    }

    public static void main(String[] arguments) throws Exception {
        int runs = Integer.parseInt(arguments[0]);
        for (String name : Arrays.copyOfRange(arguments, 1, arguments.length)) {
            byte[] data = Files.readAllBytes(Paths.get(name));
            double[] seconds = new double[runs];
            boolean good = true;
            for (int run = 0; run < runs; run++) {
                long began = System.nanoTime();
                good &= good(data);
                seconds[run] = (System.nanoTime() - began) / 1e9;
            }
            double first = seconds[0];
            Arrays.sort(seconds);
            System.out.println(good + " " + first + " " + seconds[0] + " " + seconds[runs / 2]);
        }
    }
}
