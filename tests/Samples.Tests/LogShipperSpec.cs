namespace Actors.Samples.Tests;

public sealed class LogShipperSpec
{
    private const int Batch = 500;

    [Fact]
    public async Task Ships_whole_lines_and_goes_on_where_it_ended()
    {
        using var directory = new TemporaryDirectory();
        directory.Write("from/a.log", "one\r\ntwo\nhal");
        directory.Write("from/deep/b.log", "\uFEFFb\n\n");
        directory.Write("from/c.txt", "not a log\n");
        (await ShipOnceAsync(directory)).IsDone();
        Assert.Equal("one\r\ntwo\n", File.ReadAllText(directory["to/a.log"]));
        Assert.Equal(File.ReadAllBytes(directory["from/deep/b.log"]), File.ReadAllBytes(directory["to/deep/b.log"]));
        Assert.False(File.Exists(directory["to/c.txt"]));

        File.AppendAllText(directory["from/a.log"], "f\n");
        File.WriteAllText(directory["from/deep/b.log"], "c\n");
        (await ShipOnceAsync(directory)).IsDone();
        Assert.Equal("one\r\ntwo\nhalf\n", File.ReadAllText(directory["to/a.log"]));
        Assert.Equal("\uFEFFb\n\nc\n"u8, File.ReadAllBytes(directory["to/deep/b.log"]));
    }

    [Fact]
    public async Task Takes_a_torn_line_off_an_output()
    {
        using var directory = new TemporaryDirectory();
        directory.Write("from/a.log", "one\ntwo\n");
        directory.Write("to/a.log", "zero\non");
        (await ShipOnceAsync(directory)).IsDone();
        Assert.Equal("zero\none\ntwo\n", File.ReadAllText(directory["to/a.log"]));
    }

    [Fact]
    public async Task Killed_it_loses_nothing_and_repeats_a_batch_at_most()
    {
        using var directory = new TemporaryDirectory();
        var names = Enumerable.Range(0, 6).Select(file => $"{file}.log").ToArray();
        Directory.CreateDirectory(directory["from"]);
        for (var kill = 0; kill < 2; kill++)
        {
            foreach (var name in names)
            {
                File.AppendAllLines(directory[$"from/{name}"], Lines(name, 20_000).Skip(kill * 10_000).Take(10_000));
            }

            // Without --once: it is alive when it is killed, however far it has come by then.
            using var shipper = SampleProcess.Start("LogShipper", [.. Arguments(directory).Except(["--once"])]);
            await shipper.ReadUntilAsync("durable");
            await shipper.KillAsync();
        }

        (await ShipOnceAsync(directory)).IsDone();
        foreach (var name in names)
        {
            var shipped = Shipped(directory, name);
            Assert.Equal(Lines(name, 20_000), shipped.Distinct());
            Assert.InRange(shipped.Count, 20_000, 20_000 + 2 * Batch);
            Assert.All(Outputs(directory, name), path => Assert.InRange(new FileInfo(path).Length, 1, 100_000));
            Assert.True(Outputs(directory, name).Length > 5);
        }
    }

    [Fact]
    public async Task Tails_until_it_is_interrupted_and_shuts_out_a_second_one()
    {
        using var directory = new TemporaryDirectory();
        directory.Write("from/a.log", "one\n");
        using var shipper = SampleProcess.Start("LogShipper", directory["from"], directory["to"], "--poll-ms", "10");
        await shipper.ReadUntilAsync("1 lines, 4 bytes");
        (await ShipOnceAsync(directory)).IsError(1, "Another log shipper");
        File.AppendAllText(directory["from/a.log"], "two\nthree\n");
        await shipper.ReadUntilAsync("durable");
        shipper.Interrupt();
        (await shipper.EndAsync()).IsDone();
        (await ShipOnceAsync(directory)).IsDone();
        Assert.Equal("one\ntwo\nthree\n", File.ReadAllText(directory["to/a.log"]));
    }

    [Fact]
    public async Task A_line_that_is_too_long_stops_its_file_and_no_other()
    {
        using var directory = new TemporaryDirectory();
        directory.Write("from/a.log", $"one\n{new string('x', 2 << 20)}\n");
        directory.Write("from/b.log", "two\n");
        for (var again = 0; again < 2; again++)
        {
            (await ShipOnceAsync(directory)).IsError(1, "the line at byte 4 of ");
            Assert.Equal("one\n", File.ReadAllText(directory["to/a.log"]));
            Assert.Equal("two\n", File.ReadAllText(directory["to/b.log"]));
        }
    }

    [Fact]
    public async Task Wrong_arguments_are_2()
    {
        using var directory = new TemporaryDirectory();
        directory.Write("from/a.log", "one\n");
        var (from, to) = (directory["from"], directory["to"]);
        (await SampleProcess.RunAsync("LogShipper", directory["none"], to)).IsError(2, directory["none"]);
        (await SampleProcess.RunAsync("LogShipper", from, directory["from/out"])).IsError(2, "contain one another");
        (await SampleProcess.RunAsync("LogShipper", from, to, "--onse")).IsError(2, "--onse");
        (await SampleProcess.RunAsync("LogShipper", from, to, "--batch", "0")).IsError(2, "--batch must be");
        (await SampleProcess.RunAsync("LogShipper", from, to, "--batch", "many")).IsError(2, "many");
        (await SampleProcess.RunAsync("LogShipper", from)).IsError(2, "Usage: LogShipper");
        directory.Write("to/.log-shipper.json", "{ nonsense");
        (await ShipOnceAsync(directory)).IsError(1, ".log-shipper.json has no positions");
    }

    private static Task<SampleResult> ShipOnceAsync(TemporaryDirectory directory) =>
        SampleProcess.RunAsync("LogShipper", Arguments(directory));

    private static string[] Arguments(TemporaryDirectory directory) =>
    [
        directory["from"], directory["to"],
        "--once", "--batch", $"{Batch}", "--rotate-bytes", "100000", "--parallel", "3",
    ];

    private static IEnumerable<string> Lines(string name, int count) =>
        Enumerable.Range(0, count).Select(line => $"{name}: line {line} of the log");

    /// <summary>The outputs of a source, oldest first.</summary>
    private static string[] Outputs(TemporaryDirectory directory, string name) =>
    [
        .. Directory.GetFiles(directory["to"], $"{name}*")
            .OrderBy(path => int.TryParse(Path.GetExtension(path)[1..], out var number) ? number : int.MaxValue),
    ];

    private static List<string> Shipped(TemporaryDirectory directory, string name) =>
        [.. Outputs(directory, name).SelectMany(File.ReadLines)];
}
