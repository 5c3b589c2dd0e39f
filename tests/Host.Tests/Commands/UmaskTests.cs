namespace Actors.Host.Tests.Commands;

/// <summary>Files and directories that a run makes have the modes of their kind, less the umask.</summary>
public sealed class UmaskTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [SkippableTheory]
    [InlineData("077", "600", "700", "600")]
    [InlineData("022", "644", "755", "644")]
    [InlineData("000", "666", "777", "666")]
    public async Task The_umask_is_respected(string umask, string data, string directory, string document)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "there is no umask");
        using var process = ActorsProcess.Start(
            $"umask {umask};", "run", ActorsCommandLine.Shipped("quick.conf"), "--dir", _directory["out"],
            "--backend", "sync,io-uring", "--quiet", "--set", "scenario.files=2",
            "--set", "scenario.file-name=d/{file}",
            "--json", _directory["report.json"], "--csv", _directory["report.csv"]);
        var result = await process.EndAsync();
        Skip.If(result.Error.Contains("not available", StringComparison.Ordinal), result.Error);
        Assert.True(result.ExitCode == 0, result.ToString());
        foreach (var backend in new[] { "sync", "io-uring" })
        {
            Assert.Equal(data, ModeOf($"out/{backend}/d/0"));
            Assert.Equal(data, ModeOf($"out/{backend}/d/1"));
            Assert.Equal(directory, ModeOf($"out/{backend}/d"));
            Assert.Equal(directory, ModeOf($"out/{backend}"));
        }

        Assert.Equal(directory, ModeOf("out"));
        Assert.Equal(document, ModeOf("out/.actors-run.json"));
        Assert.Equal(document, ModeOf("report.json"));
        Assert.Equal(document, ModeOf("report.csv"));
    }

    private string ModeOf(string name) =>
        OperatingSystem.IsWindows() ? "" : Convert.ToString((int)File.GetUnixFileMode(_directory[name]), 8);
}
