namespace Actors.Host.Tests.Commands;

/// <summary>What only a process of its own can show.</summary>
public sealed class ProcessTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [SkippableFact]
    public async Task More_files_than_descriptors_is_no_error_and_the_output_says_so()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "limits of open files are set by the shell's ulimit");
        using var process = ActorsProcess.Start("ulimit -n 256;", Arguments("--set", "scenario.files=400"));
        var result = await process.EndAsync();
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("opens waited for a free descriptor", result.Error);
        Assert.All(result.Json().GetProperty("runs").EnumerateArray(), r =>
        {
            Assert.True(r.GetProperty("verified").GetBoolean());
            Assert.Equal(400, r.GetProperty("files").GetInt32());
        });
    }

    [SkippableFact]
    public async Task Errors_of_writing_fail_the_run_and_are_named()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "the size of files is limited by the shell's ulimit");

        // Without W^X the runtime needs no large file of its own, and SIGXFSZ must not kill it.
        const string limit = "trap '' XFSZ; ulimit -f 16; export DOTNET_EnableWriteXorExecute=0;";
        using var process = ActorsProcess.Start(limit, Arguments("--set", "scenario.phases.write.count=5000"));
        var result = await process.EndAsync();
        Assert.True(result.ExitCode == 1, result.ToString());
        var run = Assert.Single(result.Json().GetProperty("runs").EnumerateArray());
        Assert.Equal("failed", result.Json().GetProperty("outcome").GetString());
        Assert.InRange(run.GetProperty("errors").GetInt32(), 1, int.MaxValue);
        Assert.False(run.GetProperty("verified").GetBoolean());
        Assert.Contains("FileTooLarge", result.Error);
        Assert.DoesNotContain("   at ", result.Error);
    }

    [Fact]
    public async Task Usage_errors_end_a_process_with_2()
    {
        using var process = ActorsProcess.Start("", "run", _directory["nosuch.conf"]);
        var result = await process.EndAsync();
        Assert.Equal(2, result.ExitCode);
        Assert.Empty(result.Output);
        Assert.Contains(_directory["nosuch.conf"], result.Error);
    }

    [SkippableTheory]
    [InlineData(64)]
    [InlineData(129)]
    public async Task Too_few_descriptors_for_the_process_itself_are_a_message(int limit)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "limits of open files are set by the shell's ulimit");
        using var process = ActorsProcess.Start($"ulimit -n {limit};", Arguments());
        var result = await process.EndAsync();
        Assert.True(result.ExitCode == 2, result.ToString());
        Assert.Contains($"RLIMIT_NOFILE is {limit}", result.Error);
        Assert.Contains("ulimit -n", result.Error);
    }

    [SkippableFact]
    public async Task Without_a_current_directory_absolute_paths_do()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "a current directory can be deleted there");
        var gone = _directory["gone"];
        var shell = $"mkdir '{gone}'; cd '{gone}'; rmdir '{gone}';";
        using (var process = ActorsProcess.Start(shell, Arguments()))
        {
            var result = await process.EndAsync();
            Assert.True(result.ExitCode == 0, result.ToString());
            Assert.Equal("done", result.Json().GetProperty("outcome").GetString());
        }

        using (var process = ActorsProcess.Start(shell, "probe", "--dir", "there"))
        {
            var result = await process.EndAsync();
            Assert.True(result.ExitCode == 2, result.ToString());
            Assert.Contains("the current directory is gone", result.Error);
        }
    }

    [SkippableFact]
    public async Task A_document_is_UTF_8_whatever_the_locale_says()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "locales of the environment");
        using var process = ActorsProcess.Start(
            "export LC_ALL=de_DE.ISO-8859-1;", Arguments("--set", "scenario.name=\u00fcber", "--quiet"));
        var result = await process.EndAsync();
        Assert.True(result.ExitCode == 0, result.ToString());

        // Decoded as UTF-8, in which another encoding's character would be none.
        Assert.Equal("\u00fcber", result.Json().GetProperty("scenario").GetProperty("name").GetString());
        Assert.Empty(result.Error);
    }

    private string[] Arguments(params string[] more) =>
    [
        "run", ActorsCommandLine.Shipped("quick.conf"), "--dir", _directory.Path, "--backend", "sync", "--json", "-",
        "--set", "scenario.phases.write.count=20", "--set", "actors.engine.coordinator.descriptor-reserve=32", .. more,
    ];
}
