using System.Text.Json;

namespace Actors.Host.Tests.Verification;

/// <summary>
/// Whatever befell the files of a run, the verifier says so: each way of damage, of lines and of blocks, at the start,
/// in the middle and at the end.
/// </summary>
public sealed class DamageTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();

    public static TheoryData<string, string, string> Damages
    {
        get
        {
            var data = new TheoryData<string, string, string>();
            foreach (var unit in new[] { "lines", "blocks" })
            {
                foreach (var where in new[] { "first", "middle", "last" })
                {
                    data.Add(unit, $"flip {where}", "different");
                }

                data.Add(unit, "cut by 1", "partial");
                data.Add(unit, "cut to half", "partial");
                data.Add(unit, "cut to 1", "partial");
                data.Add(unit, "empty", "partial");
                data.Add(unit, "longer by a byte", "different");
                data.Add(unit, "longer by zeros", "different");
                data.Add(unit, "longer by itself", "different");
                data.Add(unit, "zeros in the middle", unit == "lines" ? "different" : "partial");
                data.Add(unit, "halves swapped", "different");
                data.Add(unit, "of the other file", "different");
                data.Add(unit, "all zeros", unit == "lines" ? "different" : "partial");
                data.Add(unit, "missing", "missing");
            }

            return data;
        }
    }

    public async Task InitializeAsync()
    {
        await RunAsync("lines", "quick.conf", "write.count=100");
        await RunAsync(
            "blocks", "offsets.conf", "write.count=16", "--set", "scenario.file-name={file}.txt",
            "--set", "scenario.phases.write.block-size=512");
    }

    public Task DisposeAsync()
    {
        _directory.Dispose();
        return Task.CompletedTask;
    }

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task No_damage_escapes_the_verifier(string unit, string damage, string status)
    {
        var path = _directory[$"{unit}/sync/1.txt"];
        var other = await File.ReadAllBytesAsync(_directory[$"{unit}/sync/0.txt"]);
        if (Damaged(await File.ReadAllBytesAsync(path), other, damage) is { } bytes)
        {
            await File.WriteAllBytesAsync(path, bytes);
        }
        else
        {
            File.Delete(path);
        }

        var result = await ActorsCommandLine.RunAsync("verify", _directory[unit], "--json", "-");
        Assert.True(result.ExitCode == 1, result.ToString());
        var found = Assert.Single(result.Json().GetProperty("backends")[0].GetProperty("incomplete").EnumerateArray());
        Assert.Equal("1.txt", found.GetProperty("file").GetString());
        Assert.True(found.GetProperty("status").GetString() == status, result.ToString());
        Assert.Contains("Not everything is there.", result.Error);
    }

    [SkippableFact]
    public async Task A_file_that_may_not_be_read_is_named()
    {
        Skip.If(Environment.IsPrivilegedProcess, "root may read everything");
        Skip.IfNot(OperatingSystem.IsLinux(), "there are no permission bits");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_directory["lines/sync/1.txt"], UnixFileMode.None);
        }

        var result = await ActorsCommandLine.RunAsync("verify", _directory["lines"]);
        Assert.True(result.ExitCode == 1, result.ToString());
        Assert.Contains("1.txt: cannot be read", result.Output);
    }

    private static byte[]? Damaged(byte[] right, byte[] other, string damage) => damage switch
    {
        "flip first" => Flipped(right, 0),
        "flip middle" => Flipped(right, right.Length / 2),
        "flip last" => Flipped(right, right.Length - 1),
        "cut by 1" => right[..^1],
        "cut to half" => right[..(right.Length / 2)],
        "cut to 1" => right[..1],
        "empty" => [],
        "longer by a byte" => [.. right, (byte)'x'],
        "longer by zeros" => [.. right, .. new byte[4096]],
        "longer by itself" => [.. right, .. right],
        "zeros in the middle" => [.. right[..1024], .. new byte[512], .. right[1536..]],
        "halves swapped" => [.. right[(right.Length / 2)..], .. right[..(right.Length / 2)]],
        "of the other file" => other,
        "all zeros" => new byte[right.Length],
        _ => null,
    };

    private static byte[] Flipped(byte[] bytes, int at) =>
        [.. bytes[..at], (byte)(bytes[at] ^ 1), .. bytes[(at + 1)..]];

    private async Task RunAsync(string directory, string scenario, string count, params string[] more)
    {
        var result = await ActorsCommandLine.RunAsync(
        [
            "run", ActorsCommandLine.Shipped(scenario), "--dir", _directory[directory], "--quiet", "--backend", "sync",
            "--set", "scenario.files=2", "--set", $"scenario.phases.{count}", .. more,
        ]);
        Assert.True(result.ExitCode == 0, result.ToString());
    }
}
