using Actors.Reliability.Crash.Content;

namespace Actors.Host.Tests.Reliability;

/// <summary>What looks for lost data finds it.</summary>
public sealed class FileCheckSpec : IDisposable
{
    private const long Seed = 7;
    private const int UnderWay = 4;

    private readonly TemporaryDirectory _directory = new();

    private string File => Path.Combine(_directory.Path, "file");

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(8, true)]
    [InlineData(9, true)]
    [InlineData(12, true)]
    [InlineData(7, false)]
    [InlineData(13, false)]
    public void As_many_lines_as_acknowledged_and_no_more_than_were_under_way(int there, bool isRight)
    {
        WriteLines(there);
        Assert.Equal(isRight, Check(acknowledged: 8) is null);
    }

    [Fact]
    public void A_part_of_the_last_line_is_right_behind_what_was_acknowledged_and_nowhere_else()
    {
        WriteLines(9, cut: 3);
        Assert.Null(Check(acknowledged: 8));
        Assert.NotNull(Check(acknowledged: 9));
    }

    [Theory]
    [InlineData(3, false)]
    [InlineData(8, true)]
    public void Zeros_are_right_after_a_power_cut_behind_what_was_acknowledged(int line, bool isRight)
    {
        WriteLines(10, zeroed: line);
        Assert.Equal(isRight, Check(acknowledged: 8, mayHaveZeros: true) is null);
        Assert.NotNull(Check(acknowledged: 8));
    }

    [Fact]
    public void A_wrong_byte_is_found()
    {
        WriteLines(8);
        var content = System.IO.File.ReadAllBytes(File);
        content[^2] ^= 1;
        System.IO.File.WriteAllBytes(File, content);
        Assert.NotNull(Check(acknowledged: 7, mayHaveZeros: true));
    }

    [Fact]
    public void A_block_that_was_acknowledged_is_whole_at_its_place()
    {
        var numbers = new HashSet<long>(Enumerable.Range(0, 64).Select(number => (long)number));
        var content = new byte[64 * NumberedBlocks.Size];
        foreach (var number in numbers)
        {
            NumberedBlocks.Of(Seed, 0, number).CopyTo(content, NumberedBlocks.OffsetOf(number));
        }

        System.IO.File.WriteAllBytes(File, content);
        Assert.Equal(new FileCheck(64, null), FileCheck.OfBlocks(File, Seed, 0, numbers, UnderWay));
        Array.Clear(content, (int)NumberedBlocks.OffsetOf(5), 10);
        System.IO.File.WriteAllBytes(File, content);
        Assert.NotNull(FileCheck.OfBlocks(File, Seed, 0, numbers, UnderWay).Breach);
        numbers.Remove(5);
        Assert.Null(FileCheck.OfBlocks(File, Seed, 0, numbers, UnderWay).Breach);
    }

    [Theory]
    [InlineData(4, 4, true)]
    [InlineData(5, 4, true)]
    [InlineData(3, 4, false)]
    [InlineData(6, 4, false)]
    public void A_replaced_file_is_the_acknowledged_version_or_the_next(long there, long acknowledged, bool isRight)
    {
        System.IO.File.WriteAllBytes(File, NumberedVersion.Of(Seed, 0, there));
        Assert.Equal(isRight, FileCheck.OfVersion(File, Seed, 0, acknowledged).Breach is null);
    }

    [Fact]
    public void A_mixture_of_versions_is_none()
    {
        var mixture = NumberedVersion.Of(Seed, 0, 5);
        mixture[mixture.Length / 2] ^= 1;
        Assert.Null(NumberedVersion.Recognize(Seed, 0, mixture));
        Assert.Null(NumberedVersion.Recognize(Seed, 0, NumberedVersion.Of(Seed, 0, 5).AsSpan(..^1)));
        Assert.Equal(5, NumberedVersion.Recognize(Seed, 0, NumberedVersion.Of(Seed, 0, 5)));
    }

    private string? Check(long acknowledged, bool mayHaveZeros = false) =>
        FileCheck.OfLines(File, Seed, 0, acknowledged, UnderWay, mayHaveZeros).Breach;

    private void WriteLines(int count, int cut = 0, int zeroed = -1)
    {
        var lines = Enumerable.Range(0, count).Select(number => NumberedLines.Of(Seed, 0, number)).ToArray();
        if (zeroed >= 0)
        {
            lines[zeroed].AsSpan(1).Clear();
        }

        System.IO.File.WriteAllBytes(File, [.. lines.SelectMany(line => line).SkipLast(cut)]);
    }
}
