namespace Actors.Samples.Tests;

public sealed class GrepSpec
{
    [Fact]
    public async Task Counts_in_order_with_one_file_at_a_time_and_with_many()
    {
        using var directory = new TemporaryDirectory();
        var files = Enumerable.Range(0, 50)
            .Select(i => directory.Write($"{i}.txt", string.Concat(Enumerable.Repeat("grüße\nnothing\n", i)) + "ü"))
            .ToArray();
        var bytes = files.Sum(file => new FileInfo(file).Length);
        foreach (var parallel in (string[])["1", "16"])
        {
            var result = await SampleProcess.RunAsync("Grep", ["ü", .. files, "-j", parallel]);
            result.IsDone();
            var counts = files.Select((path, i) => $"{path}:{i + 1}\n");
            Assert.Equal(
                $"{string.Concat(counts)}1,275 of 2,500 lines, {bytes:N0} bytes, "
                + "50 files, 0 errors\n",
                result.Output);
        }
    }

    [Fact]
    public async Task Searches_below_directories()
    {
        using var directory = new TemporaryDirectory();
        directory.Write("a/b/one.txt", "x\nneedle\n");
        directory.Write("a/two.txt", "needle needle");
        var result = await SampleProcess.RunAsync("Grep", "needle", directory.Path, "--quiet");
        result.IsDone();
        Assert.Equal("2 of 3 lines, 22 bytes, 2 files, 0 errors\n", result.Output);
    }

    [Fact]
    public async Task Finding_nothing_is_1_and_an_error_is_2_whatever_was_found()
    {
        using var directory = new TemporaryDirectory();
        var file = directory.Write("a.txt", "needle\n");
        var utf16 = directory["utf16.txt"];
        File.WriteAllText(utf16, "needle\n", System.Text.Encoding.Unicode);

        Assert.Equal(1, (await SampleProcess.RunAsync("Grep", "nowhere", file)).ExitCode);
        var result = await SampleProcess.RunAsync("Grep", "needle", directory["missing"], file, utf16);
        result.IsError(2, directory["missing"]);
        result.IsError(2, "utf-16, not UTF-8");
        Assert.Contains($"{file}:1\n", result.Output);
    }

    [Theory]
    [InlineData("--paralel", "2")]
    [InlineData("-j", "0")]
    [InlineData("-j", "many")]
    public async Task Wrong_arguments_are_2(string option, string value) =>
        (await SampleProcess.RunAsync("Grep", "x", "/dev/null", option, value)).IsError(2, value);
}
