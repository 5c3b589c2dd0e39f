using System.Diagnostics;

namespace Actors.Host.Tests.Commands;

/// <summary>A run that fills the disk, where even its own manifest has no room any more.</summary>
public sealed class FullDiskTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private bool _isMounted;

    public void Dispose()
    {
        if (_isMounted)
        {
            Run("umount", _directory["disk"]);
        }

        _directory.Dispose();
    }

    [SkippableFact]
    public async Task The_report_comes_out_all_the_same()
    {
        Skip.IfNot(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "only root may mount a small disk");
        Directory.CreateDirectory(_directory["disk"]);
        _isMounted = Run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", _directory["disk"]);
        Skip.IfNot(_isMounted, "a small disk cannot be mounted here");

        var result = await ActorsCommandLine.RunAsync(
            "run", ActorsCommandLine.Shipped("quick.conf"), "--dir", _directory["disk/out"], "--backend", "sync",
            "--set", "scenario.files=2", "--set", "scenario.phases.write.count=100000", "--json", "-");
        Assert.True(result.ExitCode == 1, result.ToString());
        Assert.Contains("NoSpace", result.Error);
        Assert.Contains(".actors-run.json is not up to date", result.Error);
        Assert.Equal("failed", result.Json().GetProperty("outcome").GetString());
        Assert.False(File.Exists(_directory["disk/out/.actors-run.json.new"]));

        var verdict = await ActorsCommandLine.RunAsync("verify", _directory["disk/out"], "--json", "-");
        Assert.True(verdict.ExitCode == 1, verdict.ToString());
        Assert.Equal(2, verdict.Json().GetProperty("backends")[0].GetProperty("partial").GetInt32());
        Assert.Equal(2, (await ActorsCommandLine.RunAsync("probe", "--dir", _directory["disk/gone"])).ExitCode);
    }

    [SkippableFact]
    public async Task An_old_report_is_there_when_there_is_no_room_for_the_new_one()
    {
        Skip.IfNot(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "only root may mount a small disk");
        Directory.CreateDirectory(_directory["disk"]);
        _isMounted = Run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", _directory["disk"]);
        Skip.IfNot(_isMounted, "a small disk cannot be mounted here");
        await File.WriteAllTextAsync(_directory["disk/report.json"], "old");
        await Assert.ThrowsAsync<IOException>(
            () => File.WriteAllBytesAsync(_directory["disk/full"], new byte[1 << 20]));

        var result = await ActorsCommandLine.RunAsync(
            "run", ActorsCommandLine.Shipped("quick.conf"), "--dir", _directory["out"], "--backend", "sync",
            "--set", "scenario.files=2", "--set", "scenario.phases.write.count=5", "--quiet",
            "--json", _directory["disk/report.json"]);
        Assert.True(result.ExitCode == 1, result.ToString());
        Assert.Contains("the document was not written", result.Error);
        Assert.Equal("old", await File.ReadAllTextAsync(_directory["disk/report.json"]));
        Assert.False(File.Exists(_directory["disk/report.json.new"]));
    }

    private static bool Run(string command, params string[] arguments)
    {
        using var process = Process.Start(command, arguments);
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
