using System.Globalization;
using System.Text;
using Actors.Host.Manifests;
using Xunit.Abstractions;

namespace Actors.Host.Tests.Hostile;

/// <summary>
/// Manifests that broke, or that somebody has tampered with, before the verifier and a later run. As many as
/// <c>ACTORS_MANIFESTS</c> says; <c>ACTORS_MANIFEST=SEED</c> repeats one.
/// </summary>
public sealed class HostileManifestTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [SkippableFact]
    public async Task None_gets_more_out_of_the_console_than_a_message()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "the sandbox plants by calls of Linux");
        var one = Number("ACTORS_MANIFEST");
        var (first, count) = one is { } seed ? (seed, 1) : (0, Number("ACTORS_MANIFESTS") ?? 200);
        var canary = PlantedEntry.File("canary/0.txt", "precious"u8.ToArray());
        using var sandbox = new Sandbox("manifests", [canary]);
        Assert.Equal(0, (await RunAsync("lines.conf", "quick.conf")).ExitCode);
        var manifest = Path.Combine(sandbox.Work, "out", ManifestFile.Name);
        var good = await File.ReadAllTextAsync(manifest);
        var codes = new Dictionary<string, int>();
        for (var i = first; i < first + count; i++)
        {
            var mutant = new ManifestMutator(new Random(i)).Next(good);
            await File.WriteAllBytesAsync(manifest, mutant);
            var before = sandbox.Snapshot();
            await JudgeAsync(i, mutant, "verify", ActorsCommandLine.RunAsync("verify", "out"), codes);
            Assert.Equal(before, sandbox.Snapshot());
            if (i % 5 == 0)
            {
                await JudgeAsync(i, mutant, "run", RunAsync("lines.conf", "quick.conf"), codes);
                Assert.Equal("precious", await File.ReadAllTextAsync(Path.Combine(sandbox.Root, canary.Path)));
                Assert.Equal(["canary", "work"], Names(sandbox.Root));
                Assert.Equal(["out"], Names(sandbox.Work));
            }
        }

        output.WriteLine(string.Join(", ", codes.OrderBy(c => c.Key).Select(c => $"{c.Key}: {c.Value}")));
    }

    private static async Task JudgeAsync(
        int seed, byte[] mutant, string command, Task<CommandResult> running, Dictionary<string, int> codes)
    {
        var text = $"ACTORS_MANIFEST={seed} repeats it: {command} with\n{Encoding.UTF8.GetString(mutant)}\n";
        var result = await running.WaitAsync(Patience);
        var fault = HostileRunner.Judge(result, [], []);
        Assert.True(fault is null, $"{text}\n{fault}");
        var code = $"{command} exit {result.ExitCode}";
        codes[code] = codes.GetValueOrDefault(code) + 1;
    }

    private static IEnumerable<string?> Names(string directory) =>
        Directory.GetFileSystemEntries(directory).Select(Path.GetFileName).Order(StringComparer.Ordinal);

    private static Task<CommandResult> RunAsync(string name, string scenario) => ActorsCommandLine.RunAsync(
        "run", ActorsCommandLine.Shipped(scenario), "--dir", "out", "--backend", "sync", "--quiet",
        "--set", "scenario.files=2", "--set", "scenario.phases.write.count=5", "--set", $"scenario.name={name}");

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}
