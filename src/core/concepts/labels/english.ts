/** Words of English that concepts rest on: closed classes, and short lists of common ones. All in small letters. */
const words = (list: string): ReadonlySet<string> => new Set(list.split(' '));

export const NEGATIONS = words(
  "not n't no never none nobody nothing nowhere neither nor without cannot can't won't don't doesn't didn't isn't " +
    "aren't wasn't weren't haven't hasn't hadn't wouldn't couldn't shouldn't mustn't needn't ain't hardly barely scarcely",
);

export const FIRST_PERSON = words(
  "i me my mine myself we us our ours ourselves i'm i've i'd i'll we're we've we'd we'll",
);

export const SECOND_PERSON = words(
  "you your yours yourself yourselves you're you've you'd you'll thee thou thy thine",
);

/** Past forms that do not end in -ed. */
export const IRREGULAR_PAST = words(
  'was were had did said went came saw took made knew thought told gave found got left felt kept held began stood heard ' +
    'let put set read ran sat spoke wrote brought bought caught taught fought sought met led lost paid sent spent built ' +
    'meant slept fell grew drew threw flew blew rose rode drove broke chose froze stole woke wore bore tore swore sang ' +
    'rang drank sank swam shook forgot ate lay lit shot hid bit hung struck stuck won understood became overcame withdrew ' +
    'could would should might sold laid bent lent dealt dreamt leapt swept wept crept fled bled fed sped shone dug spun',
);

export const FINANCE = words(
  'money cash price prices cost costs paid pay payment payments bank banks loan loans debt debts credit tax taxes budget ' +
    'profit profits revenue revenues income invest investment investments investor investors stock stocks share shares ' +
    'shareholder shareholders market markets fund funds bond bonds dividend dividends interest mortgage currency dollar ' +
    'dollars euro euros pound pounds cent cents wage wages salary salaries fee fees rent insurance account accounts ' +
    'finance financial finances fiscal economy economic trade broker capital equity asset assets liability liabilities ' +
    'purchase purchased bankruptcy inflation earnings expense expenses sale sales billion million',
);

export const POSITIVE = words(
  'good great best better excellent wonderful love loved lovely beautiful happy happiness joy nice glad pleased pleasant ' +
    'pleasure amazing awesome fantastic perfect perfectly delightful delighted charming brilliant superb enjoy enjoyed ' +
    'friendly kind helpful win won success successful successfully safe comfortable fun fine favorite favourite hope ' +
    'hopeful proud grateful thank thanks recommend recommended impressive easy welcome positive benefit benefits smile ' +
    'smiled cheerful gentle sweet generous magnificent splendid admirable noble merry bright improved improve',
);

export const NEGATIVE = words(
  'bad worse worst terrible horrible awful hate hated ugly sad sadness sorrow unhappy angry anger fear afraid poor pain ' +
    'painful hurt wrong fail failed failure failures problem problems error errors broken break danger dangerous dead ' +
    'death die died kill killed killing war attack attacked attacks evil cruel cruelty miserable misery disappointed ' +
    'disappointing rude dirty cold sick ill disease trouble worried worry loss lost lose threat threats crime criminal ' +
    'guilty shame terror terrorist bomb violent violence ugly hell damn stupid useless waste wasted difficult negative ' +
    'wicked dreadful gloomy despair grief weary horror terrible rotten nasty ruin ruined',
);
